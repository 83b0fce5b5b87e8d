package idempotency

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"
)

// Gin serves each key once: a repeat gets the stored response. It stands in
// front of a route's handlers. A response of 400 and above, an error in the
// context and a panic give the key back, so that the request can be tried
// again.
func Gin(c *gin.Context) {
	key, err := ParseKey(c.GetHeader(KeyHeader))
	if err != nil || key == "" && required() {
		ginRefuse(c, ErrKey)
		return
	}
	if key == "" {
		c.Next()
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, MaxBody))
	if err != nil {
		c.AbortWithStatusJSON(http.StatusBadRequest, gin.H{"error": "the request's body cannot be read: " + err.Error()})
		return
	}
	operation := c.Request.Method + " " + c.Request.URL.Path
	claim, first, err := begin(c.Request.Context(), scope(operation, Caller(c.Request)), key, fingerprint([]byte(c.Request.URL.RawQuery), body))
	if err != nil {
		ginRefuse(c, err)
		return
	}
	if first != nil {
		replay(c.Writer, first)
		c.Abort()
		return
	}
	defer claim.release()
	req := c.Request
	c.Request = req.WithContext(claim.context(req.Context(), operation))
	c.Request.Body = io.NopCloser(bytes.NewReader(body))
	out := c.Writer
	rec := &ginRecorder{ResponseWriter: out, rec: &recorder{out: out, status: http.StatusOK, limit: MaxResponse}}
	c.Writer = rec
	defer func() { c.Writer, c.Request = out, req }()
	c.Next()
	if rec.rec.status < http.StatusBadRequest && len(c.Errors) == 0 {
		claim.complete(rec.rec.response())
	}
	rec.rec.flush()
}

func ginRefuse(c *gin.Context, err error) {
	if errors.Is(err, ErrRunning) {
		c.Header("Retry-After", "1")
	}
	c.AbortWithStatusJSON(status(err), gin.H{"error": reason(err)})
}

// ginRecorder holds a response back until its claim is settled.
type ginRecorder struct {
	gin.ResponseWriter
	rec *recorder
}

// WriteHeader implements http.ResponseWriter. Until the body begins gin lets
// handlers change the status.
func (w *ginRecorder) WriteHeader(status int) {
	if !w.rec.wrote && status > 0 {
		w.rec.status = status
	}
}

// WriteHeaderNow implements gin.ResponseWriter.
func (w *ginRecorder) WriteHeaderNow() { w.rec.WriteHeader(w.rec.status) }

// Write implements http.ResponseWriter.
func (w *ginRecorder) Write(p []byte) (int, error) { return w.rec.Write(p) }

// WriteString implements gin.ResponseWriter.
func (w *ginRecorder) WriteString(s string) (int, error) { return w.rec.Write([]byte(s)) }

// Status implements gin.ResponseWriter.
func (w *ginRecorder) Status() int { return w.rec.status }

// Size implements gin.ResponseWriter.
func (w *ginRecorder) Size() int {
	if !w.rec.wrote {
		return -1
	}
	return w.rec.body.Len()
}

// Written implements gin.ResponseWriter.
func (w *ginRecorder) Written() bool { return w.rec.wrote }

// Flush implements http.Flusher: what is held back stays back.
func (w *ginRecorder) Flush() {}
