package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/idemlint/idemlint/cmd/idemlint/internal/format"
)

// textValue is a flag that holds any text.
type textValue struct{ to *string }

func text(to *string) textValue { return textValue{to} }

// String implements flag.Value.
func (v textValue) String() string { return "" }

// Set implements flag.Value.
func (v textValue) Set(s string) error {
	*v.to = s
	return nil
}

// boolValue is a flag without a value.
type boolValue struct{ to *bool }

func yes(to *bool) boolValue { return boolValue{to} }

// String implements flag.Value.
func (v boolValue) String() string { return "" }

// IsBoolFlag makes the flag package accept it without a value.
func (v boolValue) IsBoolFlag() bool { return true }

// Set implements flag.Value.
func (v boolValue) Set(s string) (err error) {
	if *v.to, err = strconv.ParseBool(s); err != nil {
		return fmt.Errorf("must be true or false")
	}
	return nil
}

// choiceValue is a flag that holds one word of several, or a list of them.
type choiceValue struct {
	to    *string
	given *bool // set when the flag is given; may be nil
	words []string
	list  bool
}

func choice(to *string, words ...string) choiceValue { return choiceValue{to: to, words: words} }

func choices(to *string, words ...string) choiceValue {
	return choiceValue{to: to, words: words, list: true}
}

// note makes the flag record that it was given.
func (v choiceValue) note(given *bool) choiceValue {
	v.given = given
	return v
}

// String implements flag.Value.
func (v choiceValue) String() string { return "" }

// Set implements flag.Value.
func (v choiceValue) Set(s string) error {
	items := []string{s}
	if v.list {
		items = splitList(s)
	}
	for _, item := range items {
		if !slices.Contains(v.words, item) {
			return fmt.Errorf("must be one of: %s", strings.Join(v.words, ", "))
		}
	}
	*v.to = s
	if v.given != nil {
		*v.given = true
	}
	return nil
}

// textList is a flag that can be repeated.
type textList []string

// String implements flag.Value.
func (v *textList) String() string { return "" }

// Set implements flag.Value.
func (v *textList) Set(s string) error {
	*v = append(*v, s)
	return nil
}

// outputs is the flag -out.
type outputs []output

// String implements flag.Value.
func (v *outputs) String() string { return "" }

// Set implements flag.Value.
func (v *outputs) Set(s string) error {
	name, file, ok := strings.Cut(s, ":")
	if !ok || file == "" {
		return fmt.Errorf("must be a format, a colon and a file, as sarif:idemlint.sarif")
	}
	if format.Lookup(name) == nil {
		return fmt.Errorf("unknown format %s", name)
	}
	*v = append(*v, output{format: name, file: file})
	return nil
}

// RuleSet are the rules that the user selected by name.
type RuleSet struct {
	Only    []string // when not empty, no others
	Without []string // never these
}

// String implements flag.Value.
func (r *RuleSet) String() string { return "" }

// Set implements flag.Value; -rules given twice adds up.
func (r *RuleSet) Set(s string) error {
	for _, name := range splitList(s) {
		if rest, ok := strings.CutPrefix(name, "-"); ok {
			r.Without = append(r.Without, rest)
		} else {
			r.Only = append(r.Only, name)
		}
	}
	return nil
}

// Has says whether a rule is among the selected ones.
func (r *RuleSet) Has(name string) bool {
	return (len(r.Only) == 0 || slices.Contains(r.Only, name)) && !slices.Contains(r.Without, name)
}

// check returns an error for a name that no rule has.
func (r *RuleSet) check(rules []format.Rule) error {
	for _, name := range slices.Concat(r.Only, r.Without) {
		if !slices.ContainsFunc(rules, func(rule format.Rule) bool { return rule.Name == name }) {
			return fmt.Errorf("-rules: no rule is called %q; \"idemlint explain\" lists them", name)
		}
	}
	return nil
}
