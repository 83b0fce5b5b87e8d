// Command url2 puts a handler of net/http behind a function URL.
package main

import (
	"database/sql"
	"net/http"

	"github.com/aws/aws-lambda-go/lambdaurl"

	"example.com/lambda/orders"
)

func main() {
	db, _ := sql.Open("postgres", "")
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /streamed", func(w http.ResponseWriter, r *http.Request) { orders.Add(db, r.FormValue("item")) })
	lambdaurl.Start(mux)
}
