package ticketapi

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
)

// Nothing in a test file is an endpoint, and nothing in it changes what drivers
// that analyse it with its package say of the package.
var testRouter = newTestRouter()

func newTestRouter() chi.Router {
	r := chi.NewRouter()
	r.Post("/test", (*Handler)(nil).stamp)
	return r
}

func (h *Handler) stamp(w httpWriter, r *httpRequest) { h.Create(w, r) }

func TestRoutes(t *testing.T) {
	Routes(testRouter, New(nil))
	w := httptest.NewRecorder()
	testRouter.ServeHTTP(w, httptest.NewRequest("POST", "/tickets", strings.NewReader("no JSON")))
	if w.Code != 400 {
		t.Fatal(w.Code)
	}
}
