package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
)

// canonical is what the digest is taken of: one form for everything that means
// the same, no positions, no absolute paths, and no dates other than what has
// come of them by the day the config was read.
type canonical struct {
	Form            string
	RuleSet         Release
	Strict          bool
	Rules           map[string]Level // encoded by sorted key
	Index, Baseline string
	FirstParty      []ImportPath
	OpenRouter      OpenRouter
	ExcludeMains    []string
	Models          []string
	Keys            [][]string
	Endpoints       []canonicalEntry
	Guard           Guard
	NoExpiry        Symbol
	KeysRequired    bool
}

// canonicalEntry is an Entry in the one form.
type canonicalEntry struct {
	Match     []string
	Waived    bool
	GuardedBy string
	Require   Require
	Reason    string
	Inherited bool
	Expired   bool
}

// Digest returns the SHA-256 of what the config means, in hexadecimal: equal
// for configs that differ only in layout, order of keys, spelling of
// parameters, written-out defaults or the checkout they lie in. Of dates only
// what has passed counts. The files that the config names are not read.
func (c *Config) Digest() string {
	data, err := json.Marshal(c.canonical())
	if err != nil {
		panic("config: " + err.Error()) // texts, bools and numbers always encode
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// canonical returns the one form of the config.
func (c *Config) canonical() canonical {
	f := canonical{
		Form:         "idemlint/config/v1",
		RuleSet:      c.RuleSet,
		Strict:       c.Strict,
		Rules:        c.Rules,
		Index:        c.relative(c.Index),
		Baseline:     c.relative(c.Baseline),
		FirstParty:   sorted(c.FirstParty),
		OpenRouter:   c.OpenRouter,
		Guard:        c.Guard,
		NoExpiry:     c.NoExpiry.Constant,
		KeysRequired: c.KeysRequired(),
	}
	for _, g := range c.ExcludeMains {
		f.ExcludeMains = append(f.ExcludeMains, g.text)
	}
	f.ExcludeMains = sorted(f.ExcludeMains)
	for _, m := range c.Models {
		f.Models = append(f.Models, c.reference(m))
	}
	for _, k := range c.Keys {
		f.Keys = append(f.Keys, []string{k.Field, lower(k.Header), lower(k.Metadata), string(k.On.Method), k.On.Route.canonical()})
	}
	for _, e := range c.Endpoints {
		f.Endpoints = append(f.Endpoints, canonicalEntry{
			Match:     e.Match.canonical(),
			Waived:    e.Set.Waived,
			GuardedBy: e.Set.GuardedBy,
			Require:   e.Require,
			Reason:    e.Reason,
			Inherited: e.Inherited,
			Expired:   e.Expired,
		})
	}
	return f
}

// canonical returns the match in its one form.
func (m Match) canonical() []string {
	return []string{
		string(m.Endpoint.Method), m.Endpoint.Route.canonical(), m.Route.canonical(),
		string(m.Method), string(m.Protocol), m.Handler.text, m.Package.text, m.Owner.text,
	}
}

// reference names a model without the place of the checkout.
func (c *Config) reference(r Ref) string {
	switch {
	case !r.IsFile():
		return r.Name
	case r.Via != "": // in the module cache
		if rel, err := filepath.Rel(r.viaDir, r.Path()); err == nil {
			return r.Via + "!" + filepath.ToSlash(rel)
		}
	}
	return c.relative(r.Path())
}

// relative names a file from the config's folder, with slashes.
func (c *Config) relative(path string) string {
	if path == "" || path == IndexOff {
		return path
	}
	if rel, err := filepath.Rel(c.Dir, c.Abs(path)); err == nil {
		path = rel
	}
	return filepath.ToSlash(path)
}

// sorted returns the distinct elements in order, nil when there are none.
func sorted[T ~string](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// lower returns a header's name in lower case: case does not matter.
func lower(h HeaderName) string { return strings.ToLower(string(h)) }
