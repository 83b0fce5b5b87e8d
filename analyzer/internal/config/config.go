// Package config reads idemlint's configuration: `.idemlint.yml`, or
// idemlint's settings in golangci-lint's file. It decodes strictly, says where
// each mistake is, merges what a config extends, digests the result for
// caches, and answers which policy applies to an endpoint. It knows nothing of
// how endpoints are found or judged.
package config

import (
	"path/filepath"
	"strings"
	"sync/atomic"
)

// Config holds the settings of one run. The zero value is not useful: Default,
// Load, LoadFor and FromSettings make one. The comments on the keys below are
// the reference that docs/configuration.md is made from.
type Config struct {
	// RuleSet is the idemlint release, written major.minor, whose rules speak
	// by default. A minor release adds no finding by itself: its new rules wait
	// until rule-set names it, or rules names them. Default: "0.1", the first
	// release of this major version.
	RuleSet Release `yaml:"rule-set"`

	// Strict reports every mutating endpoint that has no guard, those whose
	// effect is idempotent too. Default: false.
	Strict bool `yaml:"strict"`

	// Rules switches rules: a rule's name with off, on (at the rule's own
	// severity), warning or error. Rules that are not named keep their
	// defaults; `idemlint explain` lists them.
	Rules map[string]Level `yaml:"rules"`

	// Index is the file that `idemlint index` wrote, which per-package drivers
	// (go vet, nogo) read to resolve what one package cannot see, or off to
	// judge every package by itself. A relative path starts at this file's
	// folder. It cannot be inherited. Default: .idemlint-index.json, where it
	// exists.
	Index string `yaml:"index"`

	// Baseline is the file of accepted findings that `idemlint baseline`
	// wrote: they are shown as baselined and fail nothing. A relative path
	// starts at this file's folder. It cannot be inherited. Default: none.
	Baseline string `yaml:"baseline"`

	// FirstParty lists import path prefixes whose packages are analysed as the
	// team's own, in place of the build's module information: example.com/shop
	// covers itself and everything below. Default: the main modules.
	FirstParty []ImportPath `yaml:"first-party"`

	// OpenRouter says what a per-package driver does with an endpoint whose
	// router is completed in a package that imports this one, where a guard
	// may still be put around it: report it here, or defer it to that package.
	// Default: report.
	OpenRouter OpenRouter `yaml:"open-router"`

	// ExcludeMains lists globs over the import paths of main packages,
	// relative to their module, that do not count when the types behind an
	// interface are collected. Default: packages in or below a folder called
	// example, examples, tool, tools, test or tests.
	ExcludeMains []Glob `yaml:"exclude-mains"`

	// Models lists further knowledge about libraries: YAML files with the
	// schema of the built-in ones (a relative path starts at this file's
	// folder), or import paths of packages that ship such files, in modules
	// of the build list. The team's files win over the packages listed here,
	// those over the built-in rows.
	Models []Ref `yaml:"models"`

	// Extends lists configs whose settings are taken over before this file's
	// own: YAML files, or import paths of packages that hold an idemlint.yml,
	// in modules of the build list. A later one wins over an earlier one and
	// this file over all. Rules merge by name; first-party and exclude-mains
	// are replaced; models, keys and endpoints are added, this file's last.
	Extends []Ref `yaml:"extends"`

	// Keys names the team's own idempotency keys, beside the known names.
	// Such a key still has to reach a claim.
	Keys []Key `yaml:"keys"`

	// Endpoints is the policy per endpoint. Of the entries that match an
	// endpoint the last one applies, alone. In a run over a whole module an
	// entry of this file that matches nothing is an error.
	Endpoints []Entry `yaml:"endpoints"`

	// Guard is the team's guard, which fixes put around endpoints.
	Guard Guard `yaml:"guard"`

	// NoExpiry configures the rule no-expiry.
	NoExpiry NoExpiry `yaml:"no-expiry"`

	// RequireKeysFrom is the date (UTC, such as 2027-06-30) from which a
	// request without a key has to be refused: until then a guard that accepts
	// keyless requests on purpose is not reported by empty-key. Default: from
	// the beginning.
	RequireKeysFrom Date `yaml:"require-keys-from"`

	// File is the absolute path of the file that was read, "" when there is
	// none.
	File string `yaml:"-"`
	// Dir is the absolute folder at which relative paths start.
	Dir string `yaml:"-"`

	today   Date
	matched []atomic.Bool // by index of Endpoints; drivers run passes at once
}

// Key is one idempotency key of the team's own. Exactly one of field, header
// and metadata names it.
type Key struct {
	// Field is the name of a request's field, as its JSON, form or proto name.
	Field string `yaml:"field"`
	// Header is the name of an HTTP header; case does not matter.
	Header HeaderName `yaml:"header"`
	// Metadata is the name of a gRPC metadata entry; case does not matter.
	Metadata HeaderName `yaml:"metadata"`
	// On restricts the key to the endpoints that match, as 'POST /orders'.
	// Default: all endpoints.
	On Pattern `yaml:"on"`

	// Pos is where the entry stands.
	Pos Position `yaml:"-"`
}

// Entry is one policy: which endpoints, and what holds for them.
type Entry struct {
	// Match says which endpoints are meant. All that is given must hold, and
	// at least one thing must be given.
	Match Match `yaml:"match"`
	// Set is waived (the endpoint's findings stay in every report as waived,
	// it never counts as protected), or guarded-by NAME (a guard that the code
	// does not show protects it). It excludes require.
	Set Set `yaml:"set"`
	// Require is full: every other protection than full is an error here. It
	// excludes set.
	Require Require `yaml:"require"`
	// Reason says why; it is compulsory beside set and stands in reports.
	Reason string `yaml:"reason"`
	// Until is the last day (UTC, such as 2027-06-30) on which the entry
	// applies. Default: no end.
	Until Date `yaml:"until"`

	// Pos is where the entry stands.
	Pos Position `yaml:"-"`
	// Inherited is true when the entry came through extends: it may match
	// nothing.
	Inherited bool `yaml:"-"`
	// Expired is true when Until had passed as the config was loaded.
	Expired bool `yaml:"-"`
}

// Match selects endpoints. In globs * stands for any characters within a path
// segment and ** , alone between slashes, for any number of segments.
type Match struct {
	// Endpoint is method and route as 'POST /pay/**', or a route alone.
	Endpoint Pattern `yaml:"endpoint"`
	// Route is a glob over the route with all its prefixes. {id}, :id and <id>
	// are the same parameter, whatever it is called.
	Route RouteGlob `yaml:"route"`
	// Method is an HTTP method, ANY (an endpoint that serves all methods), RPC
	// or CONSUMER; case does not matter.
	Method Method `yaml:"method"`
	// Protocol is http, grpc, connect, twirp, graphql, lambda or event.
	Protocol Protocol `yaml:"protocol"`
	// Handler is a glob over the handler's name, such as
	// example.com/shop/**/api.(*Handler).Create.
	Handler Glob `yaml:"handler"`
	// Package is a glob over the import path of the package in which the
	// endpoint is registered.
	Package Glob `yaml:"package"`
	// Owner is a glob over the owner that CODEOWNERS names.
	Owner Glob `yaml:"owner"`
}

// Guard is what fixes put around an unprotected endpoint.
type Guard struct {
	// Package is the import path of the package that declares the guard.
	// Default: the guard found on a sibling route, else the one that
	// `idemlint init` wrote.
	Package ImportPath `yaml:"package"`
	// Wrap is the function of the package that wraps an HTTP handler.
	Wrap Ident `yaml:"wrap"`
	// Interceptor is the function of the package that makes a gRPC server's
	// unary interceptor.
	Interceptor Ident `yaml:"interceptor"`
	// KeyHeader is the header in which callers send the key. Default:
	// Idempotency-Key.
	KeyHeader HeaderName `yaml:"key-header"`
	// TTL is how long a claim is kept, such as 24h. Default: 24h.
	TTL Duration `yaml:"ttl"`
}

// NoExpiry configures the rule no-expiry.
type NoExpiry struct {
	// Constant is the duration that the fix puts in place of a missing expiry,
	// such as example.com/shop/internal/idempotency.TTL. Default: guard.ttl,
	// written out.
	Constant Symbol `yaml:"constant"`
}

// Default returns the settings of a module without a config. Relative paths
// start at dir.
func Default(dir string) *Config {
	c := &Config{
		OpenRouter: OpenRouterReport,
		Rules:      map[string]Level{},
		Guard:      Guard{KeyHeader: "Idempotency-Key", TTL: defaultTTL},
		Dir:        dir,
	}
	for _, name := range []string{"example", "examples", "tool", "tools", "test", "tests"} {
		c.ExcludeMains = append(c.ExcludeMains, mustGlob("**/"+name+"/**"))
	}
	return c
}

// Abs returns path as an absolute one: a relative path of the config starts
// at its folder. "" stays "".
func (c *Config) Abs(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.Dir, filepath.FromSlash(path))
}

// FirstPartyOverride says whether first-party lists the package, and whether
// the key was given at all: when it was not, the build's module information
// decides.
func (c *Config) FirstPartyOverride(pkgPath string) (ours, given bool) {
	for _, prefix := range c.FirstParty {
		if pkgPath == string(prefix) || strings.HasPrefix(pkgPath, string(prefix)+"/") {
			return true, true
		}
	}
	return false, len(c.FirstParty) > 0
}

// ExcludesMain says whether exclude-mains lists a main package, given by its
// import path relative to its module ("" is the module's root package).
func (c *Config) ExcludesMain(rel string) bool {
	for _, g := range c.ExcludeMains {
		if g.Match(rel) {
			return true
		}
	}
	return false
}

// KeysRequired says whether requests without a key have to be refused, which
// require-keys-from puts off to a date.
func (c *Config) KeysRequired() bool {
	return c.RequireKeysFrom == "" || c.RequireKeysFrom <= c.today
}
