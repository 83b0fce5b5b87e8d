package world

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
)

// AWSURL is the endpoint for DynamoDB and SQS clients; only the client of
// World.HTTP reaches it.
const AWSURL = "http://aws.test"

// AWS answers the calls of DynamoDB and SQS clients, as far as the services
// use them, in the JSON protocol of both.
type AWS struct {
	mu     sync.Mutex
	tables map[string]*dynamoTable
	tokens map[string]bool // ClientRequestTokens of transactions that were carried out
	queued []Record
	dedupe map[string]bool // MessageDeduplicationIds that were seen
}

func newAWS() *AWS {
	a := &AWS{tables: map[string]*dynamoTable{}}
	a.reset()
	return a
}

// reset empties tables and queues; the tables stay.
func (a *AWS) reset() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range a.tables {
		t.items = map[string]item{}
	}
	a.tokens, a.dedupe, a.queued = map[string]bool{}, map[string]bool{}, nil
}

// expire removes the items that have an expiry.
func (a *AWS) expire() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range a.tables {
		for k, it := range t.items {
			if it.expires() {
				delete(t.items, k)
			}
		}
	}
}

func (a *AWS) wipe(match func(table string) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for name, t := range a.tables {
		if match(name) {
			t.items = map[string]item{}
		}
	}
}

func (a *AWS) records() []Record {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := append([]Record(nil), a.queued...)
	for name, t := range a.tables {
		for _, it := range t.items {
			r := FromMap("dynamo", name, it.texts())
			r.Expires = it.expires()
			out = append(out, r)
		}
	}
	return out
}

// awsCall is the part of any request that names what it touches.
type awsCall struct {
	TableName     string
	QueueUrl      string
	TransactItems []map[string]struct{ TableName string }
}

// op names the operation of a request, and leaves the body readable.
func (a *AWS) op(req *http.Request) (gate.Op, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return gate.Op{}, err
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	service, verb, _ := strings.Cut(req.Header.Get("X-Amz-Target"), ".")
	var call awsCall
	if err := json.Unmarshal(body, &call); err != nil {
		return gate.Op{}, err
	}
	op := gate.Op{Store: "dynamo", Verb: verb, Place: call.TableName, Write: verb != "GetItem" && verb != "Query" && verb != "Scan"}
	if service == "AmazonSQS" {
		op.Store, op.Place = "sqs", call.QueueUrl[strings.LastIndex(call.QueueUrl, "/")+1:]
	}
	for _, parts := range call.TransactItems {
		for _, part := range parts {
			if op.Place == "" {
				op.Place = part.TableName
			} else {
				op.Also = append(op.Also, part.TableName)
			}
		}
	}
	return op, nil
}

// awsError is a refusal in the services' format.
type awsError struct {
	kind    string
	message string
	more    map[string]any
}

func (e *awsError) Error() string { return e.kind + ": " + e.message }

func invalid(format string, args ...any) *awsError {
	return &awsError{kind: "ValidationException", message: fmt.Sprintf(format, args...)}
}

func (a *AWS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, verb, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	out, refused := a.call(verb, body)
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	if refused != nil {
		reply := map[string]any{"__type": "com.amazonaws.dynamodb.v20120810#" + refused.kind, "message": refused.message}
		for k, v := range refused.more {
			reply[k] = v
		}
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(reply)
		return
	}
	_ = json.NewEncoder(w).Encode(out)
}

func (a *AWS) call(verb string, body []byte) (any, *awsError) {
	switch verb {
	case "SendMessage":
		return a.sendMessage(body)
	case "CreateTable":
		return a.createTable(body)
	case "GetItem", "PutItem", "UpdateItem", "DeleteItem":
		var in dynamoWrite
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, invalid("%v", err)
		}
		return a.single(verb, in)
	case "TransactWriteItems":
		return a.transact(body)
	default:
		return nil, invalid("the harness does not know %s", verb)
	}
}

func (a *AWS) sendMessage(body []byte) (any, *awsError) {
	var in struct{ QueueUrl, MessageBody, MessageDeduplicationId string }
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, invalid("%v", err)
	}
	queue := in.QueueUrl[strings.LastIndex(in.QueueUrl, "/")+1:]
	id := in.MessageDeduplicationId
	if id == "" || !a.dedupe[queue+" "+id] {
		a.queued = append(a.queued, Text("sqs", queue, in.MessageBody))
	}
	if id != "" {
		a.dedupe[queue+" "+id] = true
	}
	sum := md5.Sum([]byte(in.MessageBody)) //nolint:gosec // the protocol wants it
	return map[string]string{"MessageId": fmt.Sprintf("v-%d", len(a.queued)), "MD5OfMessageBody": hex.EncodeToString(sum[:])}, nil
}
