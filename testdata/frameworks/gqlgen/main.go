// Command gqlgen serves orders over GraphQL with gqlgen: each mutation and each
// query is an endpoint, however many of them one request asks for, and all of a
// server stand behind what is around the handler of that server alone. There
// are no groups of them, and a closure cannot serve: resolvers are the methods
// of an interface that is generated.
package main

//go:generate gqlgen generate

import (
	"database/sql"
	"net/http"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/99designs/gqlgen/graphql/playground"

	"example.com/gqlgen/graph"
	"example.com/gqlgen/orders"
)

func serve(db *sql.DB) *handler.Server {
	srv := handler.New(graph.NewExecutableSchema(graph.Config{Resolvers: &orders.Resolver{DB: db}}))
	srv.AddTransport(transport.POST{})
	srv.Use(extension.Introspection{})
	return srv
}

func main() {
	db, _ := sql.Open("postgres", "")
	mux := http.NewServeMux()
	mux.Handle("/", playground.Handler("orders", "/query"))
	mux.Handle("/query", serve(db))
	mux.Handle("/guarded", orders.Claimed(db)(serve(db)))
	mux.HandleFunc("POST /plain", func(w http.ResponseWriter, r *http.Request) { orders.Add(db, r.FormValue("item")) })
	http.ListenAndServe(":8080", mux)
}
