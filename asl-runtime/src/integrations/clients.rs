//! The mechanism behind the table of clients: who does a task, and how a host gets whom it needs.
//!
//! In: a row for each client. Out: [`Client`](super::Client), and what adds the clients that are called to a host.

/// What a row says.
pub(super) struct Row {
    pub(super) feature: &'static str,
    pub(super) names: &'static [&'static str],
    pub(super) serves: &'static [&'static str],
    pub(super) setup: &'static str,
    pub(super) about: &'static str,
}

/// Each row has the feature that a client is behind, and other names of it; the services, or the actions of a service, that it serves; how a
/// program hands it to its host; what the book says of it; and how the settings make it.
macro_rules! clients {
    ($(
        $client:ident {
            feature: $feature:tt,
            names: $names:expr,
            serves: $serves:expr,
            setup: $setup:literal,
            about: $about:literal,
            made: |$settings:ident, $host:ident| $made:expr,
        }
    )*) => {
        /// A client of the runtime: each is behind a Cargo feature.
        #[doc(hidden)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Client {
            $(
                #[doc = $about]
                $client,
            )*
        }

        impl Client {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$client),*];

            const fn row(self) -> clients::Row {
                match self {
                    $(Self::$client => clients::Row {
                        feature: $feature,
                        names: &$names,
                        serves: &$serves,
                        setup: $setup,
                        about: $about,
                    },)*
                }
            }
        }

        $(
            #[cfg(feature = "clients")]
            const _: () = assert!(
                cfg!(feature = $feature),
                concat!("the feature `clients` of `asl-runtime` has to switch on `", $feature, "`")
            );
        )*

        /// The host with the clients that are called, made as the settings say.
        #[cfg(feature = "settings")]
        #[cfg_attr(
            not(feature = "clients"),
            allow(clippy::unused_async, unused_variables, reason = "which clients there are decides what is used")
        )]
        pub(crate) async fn add_clients(
            host: crate::host::InMemory,
            settings: &crate::settings::Settings,
            is_called: impl Fn(&str) -> bool,
        ) -> Result<crate::host::InMemory, crate::settings::SettingsError> {
            $(
                #[cfg(feature = $feature)]
                let host = if is_called($feature) {
                    let ($settings, $host) = (settings, host);
                    $made
                } else {
                    host
                };
            )*
            Ok(host)
        }
    };
}

pub(super) use clients;
