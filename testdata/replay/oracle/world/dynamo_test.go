package world_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/idemlint/idemlint/testdata/replay/oracle/world"
)

// dynamoCall is one request; want is the kind of the refusal, empty for none.
type dynamoCall struct{ verb, body, want string }

const dynamoTable = `{"TableName":"things","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5},"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}`

const conditionFailed = "ConditionalCheckFailedException"

// dynamoScript is what the services rely on.
var dynamoScript = []dynamoCall{
	{"PutItem", `{"TableName":"things","Item":{"id":{"S":"a"},"n":{"N":"1"}},"ConditionExpression":"attribute_not_exists(id)"}`, ""},
	{"PutItem", `{"TableName":"things","Item":{"id":{"S":"a"},"n":{"N":"2"}},"ConditionExpression":"attribute_not_exists(id)"}`, conditionFailed},
	{"UpdateItem", `{"TableName":"things","Key":{"id":{"S":"a"}},"UpdateExpression":"ADD n :one","ExpressionAttributeValues":{":one":{"N":"4"}},"ReturnValues":"ALL_NEW"}`, ""},
	{"UpdateItem", `{"TableName":"things","Key":{"id":{"S":"a"}},"UpdateExpression":"SET #s = :s, m = if_not_exists(m, :zero) + n","ExpressionAttributeNames":{"#s":"status"},"ExpressionAttributeValues":{":s":{"S":"open"},":zero":{"N":"0"}}}`, ""},
	{"UpdateItem", `{"TableName":"things","Key":{"id":{"S":"a"}},"UpdateExpression":"SET #s = :new","ConditionExpression":"#s = :old","ExpressionAttributeNames":{"#s":"status"},"ExpressionAttributeValues":{":new":{"S":"paid"},":old":{"S":"open"}}}`, ""},
	{"UpdateItem", `{"TableName":"things","Key":{"id":{"S":"a"}},"UpdateExpression":"SET #s = :new","ConditionExpression":"#s = :old","ExpressionAttributeNames":{"#s":"status"},"ExpressionAttributeValues":{":new":{"S":"paid"},":old":{"S":"open"}}}`, conditionFailed},
	{"UpdateItem", `{"TableName":"things","Key":{"id":{"S":"a"}},"UpdateExpression":"REMOVE m","ConditionExpression":"(n > :two AND NOT n < :two) OR attribute_exists(gone)","ExpressionAttributeValues":{":two":{"N":"2"}}}`, ""},
	{"GetItem", `{"TableName":"things","Key":{"id":{"S":"a"}},"ConsistentRead":true}`, ""},
	{"DeleteItem", `{"TableName":"things","Key":{"id":{"S":"a"}},"ReturnValues":"ALL_OLD"}`, ""},
	{"GetItem", `{"TableName":"things","Key":{"id":{"S":"a"}}}`, ""},
}

// play sends the script and returns the answers as canonical JSON, refusals
// as their kind.
func play(t *testing.T, url string) []string {
	t.Helper()
	call := func(verb, body string) (map[string]any, int) {
		req, err := http.NewRequest(http.MethodPost, url, bytes.NewBufferString(body))
		require.NoError(t, err)
		req.Header.Set("X-Amz-Target", "DynamoDB_20120810."+verb)
		req.Header.Set("Content-Type", "application/x-amz-json-1.0")
		req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=a/20260101/r/dynamodb/aws4_request, SignedHeaders=host, Signature=b")
		req.Header.Set("X-Amz-Date", "20260101T000000Z")
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer res.Body.Close()
		raw, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		var out map[string]any
		require.NoError(t, json.Unmarshal(raw, &out), string(raw))
		return out, res.StatusCode
	}
	out, status := call("CreateTable", dynamoTable)
	require.Equal(t, http.StatusOK, status, "%v", out)
	time.Sleep(20 * time.Millisecond) // a table is not active at once everywhere
	var answers []string
	for _, c := range dynamoScript {
		out, status := call(c.verb, c.body)
		if c.want != "" {
			require.Equal(t, http.StatusBadRequest, status, c.body)
			require.Contains(t, out["__type"], c.want)
			answers = append(answers, c.want)
			continue
		}
		require.Equal(t, http.StatusOK, status, "%s: %v", c.body, out)
		raw, err := json.Marshal(out)
		require.NoError(t, err)
		answers = append(answers, string(raw))
	}
	return answers
}

func standIn(t *testing.T) string {
	t.Helper()
	w, err := world.Open(world.Embedded, nil)
	require.NoError(t, err)
	t.Cleanup(w.Close)
	srv := httptest.NewServer(w.AWS)
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestDynamoStandIn(t *testing.T) {
	got := play(t, standIn(t))
	require.JSONEq(t, `{"Attributes":{"id":{"S":"a"},"n":{"N":"5"}}}`, got[2])
	require.JSONEq(t, `{"Item":{"id":{"S":"a"},"n":{"N":"5"},"status":{"S":"paid"}}}`, got[7])
	require.JSONEq(t, `{}`, got[9])
}

// TestDynamoStandInAgainstDynalite compares the stand-in with an independent
// implementation, answer by answer.
func TestDynamoStandInAgainstDynalite(t *testing.T) {
	if os.Getenv("REPLAY_STORES") != "all" {
		t.Skip("REPLAY_STORES is not all: dynalite is fetched from npm only for the full run")
	}
	cache, err := world.FetchServers(context.Background())
	require.NoError(t, err)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := ln.Addr().(*net.TCPAddr).Port
	require.NoError(t, ln.Close())
	cmd := exec.Command("node", filepath.Join(cache, "npm", "node_modules", "dynalite", "cli.js"), "--port", fmt.Sprint(port), "--createTableMs", "0")
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return false
		}
		return c.Close() == nil
	}, 10*time.Second, 50*time.Millisecond)

	require.Equal(t, play(t, fmt.Sprintf("http://127.0.0.1:%d", port)), play(t, standIn(t)))
}
