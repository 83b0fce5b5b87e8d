package infra

import (
	"regexp"
	"strings"
)

var (
	tfResource = regexp.MustCompile(`^\s*resource\s+"aws_dynamodb_table"\s+"([^"]+)"\s*\{`)
	tfBlock    = regexp.MustCompile(`^\s*(?:dynamic\s+)?"?(\w+)"?\s*\{`)
	tfValue    = regexp.MustCompile(`^\s*(\w+)\s*=\s*(.+?)\s*$`)
)

// Terraform reads the resources aws_dynamodb_table of a Terraform file. It
// understands what terraform fmt writes: one attribute a line, each brace that
// opens a block at the end of its line.
func Terraform(file string, data []byte) []Table {
	var out []Table
	var t *Table
	var blocks []string // those that are open within the resource
	ttl := map[string]string{}
	for _, line := range strings.Split(string(data), "\n") {
		line = withoutComment(line)
		if t == nil {
			if m := tfResource.FindStringSubmatch(line); m != nil {
				t, blocks, ttl = &Table{ID: m[1], File: file}, nil, map[string]string{}
			}
			continue
		}
		if m := tfBlock.FindStringSubmatch(line); m != nil && !strings.Contains(line, "}") {
			blocks = append(blocks, m[1])
			continue
		}
		if m := tfValue.FindStringSubmatch(line); m != nil {
			tfAttribute(t, ttl, blocks, m[1], m[2])
		}
		for range strings.Count(line, "}") - strings.Count(line, "{") {
			if len(blocks) > 0 {
				blocks = blocks[:len(blocks)-1]
				continue
			}
			if len(t.Keys) > 0 && t.Keys[0] != "" {
				t.TTL, t.Unsure = tfTTL(ttl)
				out = append(out, *t)
			}
			t = nil
			break
		}
	}
	return out
}

// tfAttribute takes one attribute of the resource or of its block ttl.
func tfAttribute(t *Table, ttl map[string]string, blocks []string, name, value string) {
	switch {
	case len(blocks) == 0 && name == "hash_key":
		t.Keys = append([]string{quoted(value)}, t.Keys...)
	case len(blocks) == 0 && name == "range_key":
		t.Keys = append(t.Keys, quoted(value))
	case len(blocks) == 0 && name == "name":
		t.Name = quoted(value)
	case len(blocks) == 1 && blocks[0] == "ttl":
		ttl[name] = value
	case len(blocks) > 1 && blocks[0] == "ttl":
		ttl["dynamic"] = value
	}
}

// tfTTL reads the block ttl.
func tfTTL(ttl map[string]string) (attribute string, unsure bool) {
	switch {
	case len(ttl) == 0 || ttl["enabled"] == "false":
		return "", false
	case quoted(ttl["attribute_name"]) == "":
		return "", true
	}
	return quoted(ttl["attribute_name"]), false
}

// quoted is what stands in quotes when nothing in it is made elsewhere.
func quoted(value string) string {
	text, ok := strings.CutPrefix(value, `"`)
	if !ok {
		return ""
	}
	text, rest, ok := strings.Cut(text, `"`)
	if !ok || strings.TrimSpace(rest) != "" || strings.Contains(text, "${") {
		return ""
	}
	return text
}

// withoutComment cuts a comment off a line, outside of quotes.
func withoutComment(line string) string {
	inText := false
	for i, r := range line {
		switch {
		case r == '"':
			inText = !inText
		case !inText && (r == '#' || strings.HasPrefix(line[i:], "//")):
			return line[:i]
		}
	}
	return line
}
