package world

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

// dynamoTable is a table with a partition key only.
type dynamoTable struct {
	key   string
	items map[string]item
}

// item is an item in the wire format: attribute name to typed value.
type item map[string]value

// value is a typed value, such as {"S": "text"}.
type value map[string]any

func (v value) text() string {
	raw, _ := json.Marshal(v)
	for _, kind := range []string{"S", "N"} {
		if s, ok := v[kind].(string); ok {
			return s
		}
	}
	return string(raw)
}

func (it item) texts() map[string]string {
	out := map[string]string{}
	for name, v := range it {
		out[name] = v.text()
	}
	return out
}

// expires says whether the item has the attribute by which the services let
// DynamoDB remove items.
func (it item) expires() bool { return it["expires_at"] != nil }

func (it item) copy() item {
	out := item{}
	for k, v := range it {
		out[k] = v
	}
	return out
}

// dynamoWrite is what the single-item operations have in common.
type dynamoWrite struct {
	TableName                 string
	Key                       item
	Item                      item
	ConditionExpression       string
	UpdateExpression          string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]value
	ReturnValues              string
}

func (a *AWS) createTable(body []byte) (any, *awsError) {
	var in struct {
		TableName string
		KeySchema []struct{ AttributeName, KeyType string }
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, invalid("%v", err)
	}
	if a.tables[in.TableName] != nil {
		return nil, &awsError{kind: "ResourceInUseException", message: "the table exists"}
	}
	for _, k := range in.KeySchema {
		if k.KeyType == "HASH" {
			a.tables[in.TableName] = &dynamoTable{key: k.AttributeName, items: map[string]item{}}
		}
	}
	return map[string]any{"TableDescription": map[string]any{"TableName": in.TableName, "TableStatus": "ACTIVE"}}, nil
}

func (a *AWS) single(verb string, in dynamoWrite) (any, *awsError) {
	if verb == "GetItem" {
		t, k, refused := a.locate(in)
		if refused != nil {
			return nil, refused
		}
		if it, ok := t.items[k]; ok {
			return map[string]any{"Item": it}, nil
		}
		return map[string]any{}, nil
	}
	old, now, refused := a.plan(verb, in)
	if refused != nil {
		return nil, refused
	}
	a.apply(in, now)
	switch {
	case in.ReturnValues == "ALL_OLD" && old != nil:
		return map[string]any{"Attributes": old}, nil
	case in.ReturnValues == "ALL_NEW" || in.ReturnValues == "UPDATED_NEW":
		return map[string]any{"Attributes": now}, nil
	}
	return map[string]any{}, nil
}

// locate finds the table and the key of the item that an operation is about.
func (a *AWS) locate(in dynamoWrite) (*dynamoTable, string, *awsError) {
	t := a.tables[in.TableName]
	if t == nil {
		return nil, "", &awsError{kind: "ResourceNotFoundException", message: "no table " + in.TableName}
	}
	from := in.Key
	if from == nil {
		from = in.Item
	}
	k, ok := from[t.key]
	if !ok {
		return nil, "", invalid("the key %s is missing", t.key)
	}
	return t, k.text(), nil
}

// plan checks the condition and computes the item that a write leaves behind;
// nil means none. It changes nothing.
func (a *AWS) plan(verb string, in dynamoWrite) (old, now item, refused *awsError) {
	t, k, refused := a.locate(in)
	if refused != nil {
		return nil, nil, refused
	}
	old = t.items[k]
	ex := expression{names: in.ExpressionAttributeNames, values: in.ExpressionAttributeValues, item: old}
	if in.ConditionExpression != "" {
		ok, err := ex.condition(in.ConditionExpression)
		if err != nil {
			return nil, nil, invalid("%s: %v", in.ConditionExpression, err)
		}
		if !ok {
			return nil, nil, &awsError{kind: "ConditionalCheckFailedException", message: "The conditional request failed"}
		}
	}
	switch verb {
	case "PutItem", "Put":
		now = in.Item
	case "UpdateItem", "Update":
		now = old.copy()
		for name, v := range in.Key {
			now[name] = v
		}
		if err := ex.update(in.UpdateExpression, now); err != nil {
			return nil, nil, invalid("%s: %v", in.UpdateExpression, err)
		}
	case "ConditionCheck":
		now = old
	}
	return old, now, nil
}

func (a *AWS) apply(in dynamoWrite, now item) {
	t, k, _ := a.locate(in)
	if now == nil {
		delete(t.items, k)
		return
	}
	t.items[k] = now
}

func (a *AWS) transact(body []byte) (any, *awsError) {
	var in struct {
		ClientRequestToken string
		TransactItems      []map[string]dynamoWrite
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, invalid("%v", err)
	}
	if a.tokens[in.ClientRequestToken] {
		return map[string]any{}, nil
	}
	var writes []dynamoWrite
	var results []item
	reasons := make([]map[string]string, len(in.TransactItems))
	cancelled := false
	for i, parts := range in.TransactItems {
		reasons[i] = map[string]string{"Code": "None"}
		for verb, w := range parts {
			_, now, refused := a.plan(verb, w)
			if refused != nil {
				cancelled = true
				reasons[i] = map[string]string{"Code": strings.TrimSuffix(refused.kind, "Exception"), "Message": refused.message}
				continue
			}
			writes, results = append(writes, w), append(results, now)
		}
	}
	if cancelled {
		codes := make([]string, len(reasons))
		for i, r := range reasons {
			codes[i] = r["Code"]
		}
		return nil, &awsError{kind: "TransactionCanceledException",
			message: fmt.Sprintf("Transaction cancelled, please refer cancellation reasons for specific reasons [%s]", strings.Join(codes, ", ")),
			more:    map[string]any{"CancellationReasons": reasons}}
	}
	for i, w := range writes {
		a.apply(w, results[i])
	}
	if in.ClientRequestToken != "" {
		a.tokens[in.ClientRequestToken] = true
	}
	return map[string]any{}, nil
}

// sortedNames is for error texts that must not depend on map order.
func sortedNames(m map[string]string) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}
