// Command oapi serves orders with the servers that oapi-codegen generates for
// chi, echo, gin and net/http, each on an address of its own.
//
// Middleware in the options of a generated server goes around its own routes
// alone, the last one outermost; what else is on the router does not have it.
// Where the generator has an option for one operation, as in echo, or tells
// middleware the operation, as in strict servers, the others do without. The router's
// order holds for generated routes too: gin's have what was used before.
package main

//go:generate oapi-codegen -config chiapi/config.yml openapi.yml
//go:generate oapi-codegen -config echoapi/config.yml openapi.yml
//go:generate oapi-codegen -config ginapi/config.yml openapi.yml
//go:generate oapi-codegen -config stdapi/config.yml openapi.yml

import "database/sql"

func main() {
	db, _ := sql.Open("postgres", "")
	go serveChi(db)
	go serveEcho(db)
	go serveGin(db)
	serveStd(db)
}
