module example.com/gorilla-pat

go 1.24

require github.com/gorilla/pat v1.0.2

require (
	github.com/gorilla/context v1.1.2 // indirect
	github.com/gorilla/mux v1.8.1 // indirect
)
