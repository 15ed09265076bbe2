# No carrier takes what is heavy.
order=$(cat)
case "$order" in
*'"heavy":true'*) echo '{"errorType": "CarrierRejected", "errorMessage": "No carrier accepts parcels above 31.5 kg"}'; exit 1 ;;
esac
echo '{"shipped": true}'
