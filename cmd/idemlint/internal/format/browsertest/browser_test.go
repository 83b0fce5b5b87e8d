// Package browsertest opens the HTML report in a headless Chromium and uses
// it as a person would. It is a module of its own, as nothing else needs a
// browser.
package browsertest

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/analyzer/report"
	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// evil is what a repository under review may put into its routes.
const evil = `/<script>document.title='owned'</script>"'><img src=https://evil.example/x onerror=alert(1)>`

// reportFile writes the report that the format's own tests use, with a past
// and with text of an attacker, and returns its name.
func reportFile(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "shop.json"))
	require.NoError(t, err)
	var doc, old report.Document
	require.NoError(t, json.Unmarshal(data, &doc))
	require.NoError(t, json.Unmarshal(data, &old))
	doc.Endpoints[0].Route, doc.Endpoints[0].Handler = evil, evil
	pay := "@shop/pay @shop/all"
	doc.Endpoints[2].Owner = &pay
	doc.Endpoints[2].Trace[2].Text = evil
	old.Endpoints = old.Endpoints[1:]
	dir, err := filepath.Abs(filepath.Join("..", "testdata", "shop"))
	require.NoError(t, err)
	in := &format.Input{
		Document: &doc,
		Rules:    []format.Rule{{Name: "missing-key", Severity: report.Error, On: true, URL: "https://idemlint.example/missing-key"}},
		Tree:     &format.Tree{Modules: map[string]string{"example.com/shop": dir}, Dir: dir, Root: dir},
		History: []format.Past{
			{Time: time.Unix(1_790_000_000, 0), Document: &old}, {Time: time.Unix(1_791_000_000, 0), Document: &doc},
		},
		Comparison: report.Compare(&old, &doc),
	}
	var b bytes.Buffer
	require.NoError(t, format.Lookup("html").Write(&b, in))
	name := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(name, b.Bytes(), 0o644))
	return name
}

// browser is a tab and what went on in it.
type browser struct {
	ctx      context.Context
	mu       sync.Mutex
	requests []string
	errors   []string
}

// open starts a browser and loads a file.
func open(t *testing.T, file string) *browser {
	t.Helper()
	program := chromium(t)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.WindowSize(1280, 1000))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(cancel)
	b := &browser{ctx: ctx}
	chromedp.ListenTarget(ctx, b.listen)
	require.NoError(t, chromedp.Run(ctx, network.Enable(), log.Enable(), chromedp.Navigate("file://"+file)))
	return b
}

// chromium returns the browser's program. Where there is none the test cannot
// say anything, unless IDEMLINT_BROWSER insists.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("IDEMLINT_BROWSER"), "chromium", "google-chrome", "chromium-browser"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	require.Empty(t, os.Getenv("IDEMLINT_BROWSER"), "the browser that IDEMLINT_BROWSER names is not there")
	t.Skip("there is no chromium on this machine; install one, or name it with IDEMLINT_BROWSER")
	return ""
}

// listen notes requests, errors on the console and exceptions.
func (b *browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		b.errors = append(b.errors, "console: "+string(e.Type))
	case *log.EventEntryAdded:
		b.errors = append(b.errors, e.Entry.Text)
	}
}

// run runs actions.
func (b *browser) run(t *testing.T, actions ...chromedp.Action) {
	t.Helper()
	require.NoError(t, chromedp.Run(b.ctx, actions...))
}

// eval returns the value of an expression.
func eval[T any](t *testing.T, b *browser, expression string) T {
	t.Helper()
	var v T
	b.run(t, chromedp.Evaluate(expression, &v))
	return v
}

// routes lists the routes in the table, as they stand.
func (b *browser) routes(t *testing.T) []string {
	t.Helper()
	return eval[[]string](t, b, `Array.from(document.querySelectorAll("tbody.list tr td.route")).map(td => td.textContent)`)
}

// choose picks a value of a filter.
func (b *browser) choose(t *testing.T, filter, value string) {
	t.Helper()
	eval[bool](t, b, `(s => { s.value = "`+value+`"; s.dispatchEvent(new Event("input", {bubbles: true})); return s.value === "`+value+`" })(document.querySelector("select[name=`+filter+`]"))`)
}

func TestReportInABrowser(t *testing.T) {
	file := reportFile(t)
	b := open(t, file)
	risk := []string{"/orders", "/orders/{id}/pay", "/hooks", "/internal/stock", evil}

	t.Run("shows what asks for work first", func(t *testing.T) {
		require.Equal(t, risk, b.routes(t))
		require.Equal(t, "Idempotency of example.com/shop", eval[string](t, b, "document.title"))
	})
	t.Run("search", func(t *testing.T) {
		b.run(t, chromedp.SendKeys("#search", "PAY post", chromedp.ByQuery))
		require.Equal(t, []string{"/orders/{id}/pay"}, b.routes(t))
		require.Equal(t, "1 of 5 endpoints", eval[string](t, b, `document.getElementById("count").textContent`))
		b.run(t, chromedp.Click("#tools button[type=reset]", chromedp.ByQuery))
		require.Eventually(t, func() bool { return len(b.routes(t)) == 5 }, 10*time.Second, 50*time.Millisecond)
		b.run(t, chromedp.SendKeys("#search", "<script>", chromedp.ByQuery))
		require.Equal(t, []string{evil}, b.routes(t))
		b.run(t, chromedp.Click("#tools button[type=reset]", chromedp.ByQuery))
		require.Eventually(t, func() bool { return len(b.routes(t)) == 5 }, 10*time.Second, 50*time.Millisecond)
	})
	t.Run("sort", func(t *testing.T) {
		b.run(t, chromedp.Click(`th[data-sort=method] button`, chromedp.ByQuery))
		require.Equal(t, evil, b.routes(t)[0], "GET comes before POST")
		require.Equal(t, "ascending", eval[string](t, b, `document.querySelector("th[data-sort=method]").getAttribute("aria-sort")`))
		b.run(t, chromedp.Click(`th[data-sort=method] button`, chromedp.ByQuery))
		require.Equal(t, evil, b.routes(t)[4])
		b.run(t, chromedp.Click(`th[data-sort=rank] button`, chromedp.ByQuery))
		require.Equal(t, risk, b.routes(t))
	})
	t.Run("filter by owner", func(t *testing.T) {
		b.choose(t, "owner", "@shop/pay")
		require.Equal(t, []string{"/orders/{id}/pay"}, b.routes(t))
		b.choose(t, "owner", "-")
		require.Len(t, b.routes(t), 3)
		b.choose(t, "owner", "")
		b.run(t, chromedp.Click(`button[data-set=owner][data-value="team-orders"]`, chromedp.ByQuery))
		require.Eventually(t, func() bool { return len(b.routes(t)) == 1 }, 10*time.Second, 50*time.Millisecond)
		b.choose(t, "owner", "")
	})
	t.Run("an endpoint's page", func(t *testing.T) {
		b.run(t, chromedp.Click(`a[href="#e3"]`, chromedp.ByQuery), chromedp.WaitVisible("#e3", chromedp.ByID), chromedp.WaitNotVisible("#overview", chromedp.ByID))
		require.Equal(t, "e3", eval[string](t, b, "document.activeElement.id"), "a screen reader goes on there")
		text := eval[string](t, b, `document.getElementById("e3").innerText`)
		require.Contains(t, text, "late-claim")
		require.Contains(t, text, "Idempotency-Key")
		require.Contains(t, text, evil)
		require.Contains(t, text, "func (h *Handler) Pay", "the source is there")
		b.run(t, chromedp.KeyEvent("\x1b"), chromedp.WaitVisible("#overview", chromedp.ByID))
		require.Eventually(t, func() bool {
			return eval[string](t, b, `document.activeElement.getAttribute("href") || ""`) == "#e3"
		}, 10*time.Second, 50*time.Millisecond, "back where the reader came from")
	})
	t.Run("light and dark", func(t *testing.T) {
		background := func() string { return eval[string](t, b, "getComputedStyle(document.body).backgroundColor") }
		first := background()
		b.run(t, chromedp.Click("#theme", chromedp.ByID))
		require.NotEqual(t, first, background())
		require.Equal(t, "true", eval[string](t, b, `document.getElementById("theme").getAttribute("aria-pressed")`))
		b.run(t, chromedp.Click("#theme", chromedp.ByID))
		require.Equal(t, first, background())
	})
	t.Run("trend", func(t *testing.T) {
		require.Equal(t, 2, eval[int](t, b, `document.querySelectorAll(".chart canvas").length`))
	})
	t.Run("names for screen readers", func(t *testing.T) {
		require.Empty(t, eval[[]string](t, b, `Array.from(document.querySelectorAll("button, select, input, a, svg[role=img]")).filter(e =>
			!(e.getAttribute("aria-label") || e.textContent.trim() || (e.labels && e.labels.length))).map(e => e.outerHTML)`))
		require.Empty(t, eval[[]string](t, b, `Array.from(document.querySelectorAll("[aria-labelledby]")).filter(e =>
			!document.getElementById(e.getAttribute("aria-labelledby"))).map(e => e.outerHTML)`))
	})
	t.Run("fits a narrow screen", func(t *testing.T) {
		b.run(t, chromedp.EmulateViewport(360, 800))
		require.LessOrEqual(t, eval[int](t, b, "document.documentElement.scrollWidth"), 360)
		b.run(t, chromedp.EmulateViewport(1280, 1000))
	})
	t.Run("the policy of the page holds", func(t *testing.T) {
		refused := eval[bool](t, b, `(() => { const s = document.createElement("script"); s.textContent = "window.ran = true"; document.body.append(s); return !window.ran })()`)
		require.True(t, refused, "a script that is not the report's own")
	})

	b.mu.Lock()
	defer b.mu.Unlock()
	require.Equal(t, []string{"file://" + file}, b.requests, "nothing but the file itself")
	require.Len(t, b.errors, 1, "only that of the refused script")
	require.Contains(t, b.errors[0], "Content Security Policy")
	require.False(t, strings.Contains(b.errors[0], "evil"))
}
