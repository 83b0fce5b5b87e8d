package orders

import (
	"database/sql"
	"net/http"

	"github.com/zeromicro/go-zero/rest/httpx"
)

// CreateRequest asks for an order.
type CreateRequest struct {
	Item string `json:"item"`
	Key  string `header:"Idempotency-Key"`
}

// CreateHandler makes the handler that adds orders.
func CreateHandler(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var req CreateRequest
		if err := httpx.Parse(r, &req); err != nil {
			httpx.ErrorCtx(r.Context(), w, err)
			return
		}
		if err := Add(db, req.Item); err != nil {
			httpx.ErrorCtx(r.Context(), w, err)
			return
		}
		httpx.Ok(w)
	}
}

// OnceHandler makes the handler that adds orders once for a key.
func OnceHandler(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var req CreateRequest
		if err := httpx.Parse(r, &req); err != nil {
			httpx.ErrorCtx(r.Context(), w, err)
			return
		}
		first, err := Claim(db, req.Key)
		if err != nil || !first {
			w.WriteHeader(http.StatusConflict)
			return
		}
		if err := Add(db, req.Item); err != nil {
			httpx.ErrorCtx(r.Context(), w, err)
			return
		}
		httpx.Ok(w)
	}
}

// GetHandler makes the handler that reads one.
func GetHandler(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		item, _ := Read(db, r.FormValue("id"))
		httpx.OkJson(w, item)
	}
}
