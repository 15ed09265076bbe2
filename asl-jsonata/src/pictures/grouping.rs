//! Where separators are in a number.

/// The distance between separators if they are as regular as thousands are: each position is a multiple of one distance, and none is
/// left out.
pub(super) fn regular_distance(positions: &[usize]) -> Option<usize> {
    let distance = positions.iter().copied().reduce(greatest_common_divisor)?;
    let all = (1..=positions.len()).all(|index| positions.contains(&(index * distance)));
    (all && distance > 0).then_some(distance)
}

const fn greatest_common_divisor(mut a: usize, mut b: usize) -> usize {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Inserts a separator after every so many digits, counted from the end of the number, which is at `end`.
pub(super) fn insert_regularly(digits: &mut Vec<char>, end: usize, distance: usize, separator: char) {
    let mut position = end;
    while position > distance {
        position -= distance;
        digits.insert(position, separator);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_regular() {
        assert_eq!(regular_distance(&[6, 3]), Some(3));
        assert_eq!(regular_distance(&[5, 3]), None);
        assert_eq!(regular_distance(&[6]), Some(6));
        assert_eq!(regular_distance(&[0]), None);
        assert_eq!(regular_distance(&[]), None);
    }

    #[test]
    fn separators_stand_between_digits_only() {
        let mut digits: Vec<char> = "123456".chars().collect();
        insert_regularly(&mut digits, 6, 3, ',');
        assert_eq!(digits.into_iter().collect::<String>(), "123,456");
    }
}
