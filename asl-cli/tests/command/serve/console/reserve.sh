# Is busy the first time that chairs are wanted.
line=$(cat)
case "$line" in
*CHAIR*) if [ ! -e "chairs-asked" ]; then : > chairs-asked; echo '{"errorType": "Busy", "errorMessage": "too many at once"}'; exit 1; fi ;;
esac
echo "{\"reserved\": true}"
