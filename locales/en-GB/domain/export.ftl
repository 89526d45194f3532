### What a file may be, and why it is made.

form-pdf = PDF to print
form-csv = Table (CSV)
form-json = For programs (JSON)
form-geojson = Map (GeoJSON)

reason-briefing = Briefing or tasking
reason-supervision = Supervision
reason-partner = Partner or funder
reason-request = Complaint, request or court
