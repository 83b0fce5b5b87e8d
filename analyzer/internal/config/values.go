package config

import (
	"fmt"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/idemlint/idemlint/analyzer/internal/spell"
)

// Level is what a rule is switched to.
type Level string

// The levels. LevelOn means the severity that the rule has by itself.
const (
	LevelOff     Level = "off"
	LevelOn      Level = "on"
	LevelWarning Level = "warning"
	LevelError   Level = "error"
)

// UnmarshalText reads a level; true and false stand for on and off, as which
// some readers of YAML hand those words over.
func (l *Level) UnmarshalText(text []byte) error {
	return oneOf(l, onOff(string(text)), LevelOff, LevelOn, LevelWarning, LevelError)
}

// IndexOff is the value of Config.Index that switches the index off.
const IndexOff = "off"

// OpenRouter is what is done with endpoints on a router that is completed
// elsewhere.
type OpenRouter string

// The values of Config.OpenRouter.
const (
	OpenRouterReport OpenRouter = "report"
	OpenRouterDefer  OpenRouter = "defer"
)

// UnmarshalText reads the value of open-router.
func (o *OpenRouter) UnmarshalText(text []byte) error {
	return oneOf(o, string(text), OpenRouterReport, OpenRouterDefer)
}

// Require is a demand on an endpoint's protection.
type Require string

// RequireFull demands full protection.
const RequireFull Require = "full"

// UnmarshalText reads the value of require.
func (r *Require) UnmarshalText(text []byte) error {
	return oneOf(r, string(text), RequireFull)
}

// Protocol is the protocol of an endpoint, as report.Endpoint spells it.
type Protocol string

// UnmarshalText reads a protocol.
func (p *Protocol) UnmarshalText(text []byte) error {
	return oneOf(p, string(text), "http", "grpc", "connect", "twirp", "graphql", "lambda", "event")
}

// Method is an endpoint's method in upper case: an HTTP method, ANY, RPC or
// CONSUMER.
type Method string

// UnmarshalText reads a method.
func (m *Method) UnmarshalText(text []byte) error {
	s := string(text)
	if strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-") != "" || s == "" {
		return fmt.Errorf("%q is no method; write one, such as POST, ANY, RPC or CONSUMER", s)
	}
	*m = Method(strings.ToUpper(s))
	return nil
}

// Release is an idemlint release, written major.minor.
type Release string

var releaseForm = regexp.MustCompile(`^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$`)

// UnmarshalText reads a release.
func (r *Release) UnmarshalText(text []byte) error {
	if !releaseForm.Match(text) {
		return fmt.Errorf(`%q is no release; write major.minor in quotes, such as "1.2"`, text)
	}
	*r = Release(text)
	return nil
}

// FirstRelease is the rule set of a config that pins none: the rules of the
// first release of this major version.
const FirstRelease Release = "0.1"

// Includes says whether the rule set of release r has a rule that a release
// brought; "" stands for FirstRelease on both sides.
func (r Release) Includes(since string) bool {
	major, minor := r.numbers()
	sinceMajor, sinceMinor := Release(since).numbers()
	return major > sinceMajor || major == sinceMajor && minor >= sinceMinor
}

// numbers takes a release apart.
func (r Release) numbers() (major, minor int) {
	if r == "" {
		r = FirstRelease
	}
	before, after, _ := strings.Cut(string(r), ".")
	major, _ = strconv.Atoi(before) // releaseForm has seen to digits
	minor, _ = strconv.Atoi(after)
	return major, minor
}

// Date is a day of the calendar, written 2006-01-02, so that dates compare as
// texts. "" is no date.
type Date string

// UnmarshalText reads a date.
func (d *Date) UnmarshalText(text []byte) error {
	if _, err := time.Parse(time.DateOnly, string(text)); err != nil {
		return fmt.Errorf("%q is no date; write year-month-day, such as 2027-06-30", text)
	}
	*d = Date(text)
	return nil
}

// Duration is a positive length of time.
type Duration time.Duration

const defaultTTL = Duration(24 * time.Hour)

// UnmarshalText reads a duration in Go's notation.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil || v <= 0 {
		return fmt.Errorf("%q is no length of time above zero; write it as 30m or 24h", text)
	}
	*d = Duration(v)
	return nil
}

// String returns the duration in Go's notation.
func (d Duration) String() string { return time.Duration(d).String() }

// Set is what an entry sets: Waived, or the name of a guard.
type Set struct {
	Waived    bool
	GuardedBy string
}

// guardName is the form of a guard's name: one word.
var guardName = regexp.MustCompile(`^[\pL\pN][\pL\pN_./:@-]*$`)

// UnmarshalText reads `waived` or `guarded-by NAME`.
func (s *Set) UnmarshalText(text []byte) error {
	words := strings.Fields(string(text))
	switch {
	case len(words) == 1 && words[0] == "waived":
		*s = Set{Waived: true}
	case len(words) == 2 && words[0] == "guarded-by" && guardName.MatchString(words[1]):
		*s = Set{GuardedBy: words[1]}
	case len(words) > 0 && words[0] == "guarded-by":
		return fmt.Errorf("%q does not name the guard in one word; write guarded-by NAME", text)
	default:
		return fmt.Errorf("%q is neither waived nor guarded-by NAME", text)
	}
	return nil
}

// Ident is an exported Go identifier.
type Ident string

// UnmarshalText reads an identifier.
func (i *Ident) UnmarshalText(text []byte) error {
	if s := string(text); !token.IsIdentifier(s) || !token.IsExported(s) {
		return fmt.Errorf("%q is no exported Go identifier; write the function's name without its package", s)
	}
	*i = Ident(text)
	return nil
}

// HeaderName is the name of an HTTP header or gRPC metadata entry.
type HeaderName string

var headerForm = regexp.MustCompile("^[0-9A-Za-z!#$%&'*+.^_`|~-]+$")

// UnmarshalText reads a header's name.
func (h *HeaderName) UnmarshalText(text []byte) error {
	if !headerForm.Match(text) {
		return fmt.Errorf("%q cannot be a header's name; write one such as Idempotency-Key", text)
	}
	*h = HeaderName(text)
	return nil
}

// ImportPath is an import path or the beginning of one, whole elements.
type ImportPath string

var importForm = regexp.MustCompile(`^[0-9A-Za-z~_-][0-9A-Za-z._~+-]*(/[0-9A-Za-z._~+-]+)*$`)

// UnmarshalText reads an import path.
func (p *ImportPath) UnmarshalText(text []byte) error {
	s := string(text)
	if strings.Contains(s, "...") || strings.HasSuffix(s, "/") {
		return fmt.Errorf("%q has a wildcard or slash at its end; write the path alone, it covers everything below", s)
	}
	if !importForm.MatchString(s) || strings.Contains("/"+s+"/", "/../") {
		return fmt.Errorf("%q is no import path; write one such as example.com/shop/internal", s)
	}
	*p = ImportPath(s)
	return nil
}

// Symbol is an exported identifier with the import path of its package.
type Symbol struct {
	Package ImportPath
	Name    Ident
}

// UnmarshalText reads PACKAGE.NAME.
func (s *Symbol) UnmarshalText(text []byte) error {
	t := string(text)
	dot := strings.LastIndexByte(t, '.')
	if dot > strings.LastIndexByte(t, '/') {
		var r Symbol
		if r.Package.UnmarshalText([]byte(t[:dot])) == nil && r.Name.UnmarshalText([]byte(t[dot+1:])) == nil {
			*s = r
			return nil
		}
	}
	return fmt.Errorf("%q does not name an exported constant; write example.com/shop/idempotency.TTL", t)
}

// Ref names a file, or a package by its import path.
type Ref struct {
	// Name is the path as written in the config.
	Name string
	// Dir is the absolute folder at which a relative file starts.
	Dir string
	// Via is the import path of the package whose config named this, "" when
	// a file of the module did.
	Via string
	// Pos is where it is named.
	Pos Position

	viaDir string // the folder of the package Via
}

// UnmarshalText reads a file's name or an import path.
func (r *Ref) UnmarshalText(text []byte) error {
	*r = Ref{Name: string(text)}
	if r.IsFile() {
		return nil
	}
	var p ImportPath
	if p.UnmarshalText(text) != nil {
		return fmt.Errorf("%q is neither a .yml file nor an import path", text)
	}
	return nil
}

// IsFile says whether the reference is a file: its name ends in .yml, .yaml or
// .json.
func (r Ref) IsFile() bool {
	switch filepath.Ext(r.Name) {
	case ".yml", ".yaml", ".json":
		return true
	}
	return false
}

// Path returns the absolute path of a file.
func (r Ref) Path() string {
	name := filepath.FromSlash(r.Name)
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(r.Dir, name)
}

// onOff undoes what YAML 1.1 makes of the words on and off.
func onOff(s string) string {
	switch s {
	case "true":
		return "on"
	case "false":
		return "off"
	}
	return s
}

// oneOf assigns text to v when it is one of the values allowed.
func oneOf[T ~string](v *T, text string, allowed ...T) error {
	names := make([]string, len(allowed))
	for i, a := range allowed {
		if text == string(a) {
			*v = a
			return nil
		}
		names[i] = string(a)
	}
	if hint := spell.Hint(text, names); hint != "" {
		return fmt.Errorf("%q is unknown%s", text, hint)
	}
	return fmt.Errorf("%q is unknown; write %s", text, orList(names))
}

// orList joins words as "a, b or c".
func orList(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
