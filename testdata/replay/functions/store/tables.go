// Package store keeps the functions' data in DynamoDB.
package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The tables; each has a partition key called id.
const (
	Orders   = "orders"
	Profiles = "profiles"
	Counters = "counters"
	Requests = "requests"
)

// CreateTables creates the tables in a local database.
func CreateTables(ctx context.Context, c *dynamodb.Client) error {
	for _, name := range []string{Orders, Profiles, Counters, Requests} {
		_, err := c.CreateTable(ctx, &dynamodb.CreateTableInput{
			TableName:            aws.String(name),
			BillingMode:          types.BillingModePayPerRequest,
			AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
			KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
		})
		var exists *types.ResourceInUseException
		if err != nil && !errors.As(err, &exists) {
			return err
		}
	}
	return nil
}

// S makes a text attribute.
func S(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }

// N makes a number attribute.
func N(v int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(v, 10)}
}

// Claims takes keys in the table of requests.
type Claims struct{ db *dynamodb.Client }

// NewClaims returns the claims in db.
func NewClaims(db *dynamodb.Client) *Claims { return &Claims{db: db} }

// Take takes a key and says whether nobody had it before. The item goes away
// after the time to live.
func (c *Claims) Take(ctx context.Context, key string, ttl time.Duration) (bool, error) {
	_, err := c.db.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:           aws.String(Requests),
		Item:                map[string]types.AttributeValue{"id": S(key), "expires_at": N(time.Now().Add(ttl).Unix())},
		ConditionExpression: aws.String("attribute_not_exists(id)"),
	})
	var taken *types.ConditionalCheckFailedException
	if errors.As(err, &taken) {
		return false, nil
	}
	return err == nil, err
}

// Finish stores the result for a key.
func (c *Claims) Finish(ctx context.Context, key, result string) error {
	_, err := c.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 aws.String(Requests),
		Key:                       map[string]types.AttributeValue{"id": S(key)},
		UpdateExpression:          aws.String("SET result = :r"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":r": S(result)},
	})
	return err
}

// Result reads the stored result; empty while there is none.
func (c *Claims) Result(ctx context.Context, key string) (string, error) {
	out, err := c.db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: aws.String(Requests), Key: map[string]types.AttributeValue{"id": S(key)}, ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return "", err
	}
	if r, ok := out.Item["result"].(*types.AttributeValueMemberS); ok {
		return r.Value, nil
	}
	return "", nil
}

// GiveBack removes a key.
func (c *Claims) GiveBack(ctx context.Context, key string) error {
	_, err := c.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: aws.String(Requests), Key: map[string]types.AttributeValue{"id": S(key)},
	})
	return err
}
