package against

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
)

var endpoints = []report.Endpoint{
	{Method: "GET", Route: "/v1/orders/{id}"},
	{Method: "POST", Route: "/v1/orders"},
	{Method: "ANY", Route: "/health/"},
	{Method: "RPC", Route: "/shop.v1.Credit/Charge"},
}

// compare returns what only one side has.
func compare(t *testing.T, name, text string) (code, file []string) {
	t.Helper()
	l, err := Parse(name, []byte(text))
	require.NoError(t, err)
	d := Compare(l, endpoints)
	for _, e := range d.OnlyCode {
		code = append(code, e.Method+" "+e.Route)
	}
	for _, r := range d.OnlyFile {
		file = append(file, r.String())
	}
	return code, file
}

func TestRoutes(t *testing.T) {
	code, file := compare(t, "routes.txt", "# all\nGET /v1/orders/:order\nPOST /v1/orders/ # trailing\nGET /health\nPOST /health\n")
	require.Empty(t, code)
	require.Empty(t, file)
	code, file = compare(t, "routes.txt", "/v1/orders/<id>\nDELETE /v1/orders\nRPC /shop.v1.Credit/Refund\n/health\n")
	require.Equal(t, []string{"POST /v1/orders", "RPC /shop.v1.Credit/Charge"}, code)
	require.Equal(t, []string{"DELETE /v1/orders", "RPC /shop.v1.Credit/Refund"}, file)
}

func TestOpenAPI(t *testing.T) {
	text := `openapi: 3.1.0
servers: [{url: "https://api.example.com/v1"}]
paths:
  /orders/{orderId}:
    parameters: []
    get: {}
  /orders:
    post: {}
    patch: {}
`
	code, file := compare(t, "openapi.yaml", text)
	require.Equal(t, []string{"ANY /health/"}, code)
	require.Equal(t, []string{"PATCH /orders"}, file)
	code, file = compare(t, "swagger.json", `{"swagger": "2.0", "basePath": "/v1/", "paths": {"/orders": {"post": {}}, "/orders/{id}": {"get": {}}, "/health": {"get": {}}}}`)
	require.Empty(t, code)
	require.Empty(t, file)
}

func TestBadFiles(t *testing.T) {
	for name, want := range map[string]string{
		"routes.txt":   "line 2: want METHOD and path, as POST /orders, not \"POST orders now\"",
		"empty.txt":    "line 1: the file names no route",
		"rel.txt":      "line 1: the path \"orders\" does not begin with a slash",
		"openapi.yaml": "line 1: no OpenAPI document: it has no paths",
		"broken.json":  "no OpenAPI document: yaml: line 1",
	} {
		text := map[string]string{"routes.txt": "GET /\nPOST orders now", "empty.txt": "# nothing\n", "rel.txt": "orders", "openapi.yaml": "a: b", "broken.json": "{"}[name]
		_, err := Parse(name, []byte(text))
		require.ErrorContains(t, err, want, name)
	}
}
