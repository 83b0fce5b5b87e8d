package main

import (
	"log"
	"net/http"

	"github.com/idemlint/idemlint/testdata/scaffold/fixes/orders"
)

type once struct{ *orders.Book }

// logged reads the key for its log alone.
func (o *once) logged(w http.ResponseWriter, r *http.Request) {
	log.Print(r.Header.Get("Idempotency-Key"))
	if err := o.Add(r.Context()); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
}

// asked looks for the key before it notes it.
func (o *once) asked(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if o.Known(r.Context(), key) {
		w.WriteHeader(http.StatusConflict)
		return
	}
	if err := o.Add(r.Context()); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	if err := o.Note(r.Context(), key); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
}

// late acts before it claims the key.
func (o *once) late(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Idempotency-Key")
	if err := o.Add(r.Context()); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	if err := o.Claim(r.Context(), key); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
}

func main() {
	o := &once{orders.Open()}
	http.HandleFunc("POST /logged", o.logged)
	http.HandleFunc("POST /asked", o.asked)
	http.HandleFunc("POST /late", o.late)
	_ = http.ListenAndServe(":8080", nil)
}
