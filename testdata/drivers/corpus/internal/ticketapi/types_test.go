package ticketapi

import "net/http"

type (
	httpWriter  = http.ResponseWriter
	httpRequest = http.Request
)
