package infra

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// CloudFormation reads the tables of a CloudFormation or SAM template in YAML
// or JSON; of another document there are none.
func CloudFormation(file string, data []byte) []Table {
	var root yaml.Node
	if yaml.Unmarshal(data, &root) != nil || len(root.Content) == 0 {
		return nil
	}
	var out []Table
	resources := member(root.Content[0], "Resources")
	if resources == nil || resources.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(resources.Content); i += 2 {
		id, r := resources.Content[i], resources.Content[i+1]
		t := Table{ID: id.Value, File: file}
		props := member(r, "Properties")
		t.Name = literal(member(props, "TableName"))
		switch literal(member(r, "Type")) {
		case "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable":
			keys, known := keySchema(member(props, "KeySchema"))
			if !known {
				continue
			}
			t.Keys = keys
			t.TTL, t.Unsure = timeToLive(member(props, "TimeToLiveSpecification"))
		case "AWS::Serverless::SimpleTable":
			t.Keys = []string{"id"}
			if pk := member(props, "PrimaryKey"); pk != nil {
				t.Keys = []string{literal(member(pk, "Name"))}
			}
		default:
			continue
		}
		out = append(out, t)
	}
	return out
}

// keySchema reads the names of a primary key; false when one is not written
// out.
func keySchema(n *yaml.Node) (names []string, known bool) {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil, false
	}
	for _, item := range n.Content {
		name := literal(member(item, "AttributeName"))
		if name == "" {
			return nil, false
		}
		names = append(names, name)
	}
	return names, len(names) > 0
}

// timeToLive reads a TimeToLiveSpecification.
func timeToLive(n *yaml.Node) (attribute string, unsure bool) {
	if n == nil || literal(member(n, "Enabled")) == "false" {
		return "", false
	}
	attribute = literal(member(n, "AttributeName"))
	return attribute, attribute == ""
}

// member is a member of a mapping, nil when there is none.
func member(n *yaml.Node, name string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

// literal is a text that is written out; "" for what a function makes.
func literal(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode || strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		return ""
	}
	return n.Value
}
