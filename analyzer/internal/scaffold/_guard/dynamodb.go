package idempotency

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Table is the DynamoDB table of the store: its partition key is the string
// "id", and "expires_at" is its time-to-live attribute.
const Table = "idempotency_records"

// DynamoStore keeps keys in DynamoDB, in the table Table.
type DynamoStore struct {
	db *dynamodb.Client
	// Now is the store's clock; all processes have to agree on the time to
	// within a few seconds.
	Now func() time.Time
}

// NewDynamoDB returns the store in DynamoDB.
func NewDynamoDB(db *dynamodb.Client) *DynamoStore { return &DynamoStore{db: db, Now: time.Now} }

var _ Store = (*DynamoStore)(nil)

// Claim implements Store.
func (s *DynamoStore) Claim(ctx context.Context, c Claim) (*Record, error) {
	now := s.Now()
	_, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(Table),
		Item: map[string]types.AttributeValue{
			"id":          text(c.Scope + "#" + c.Key),
			"fingerprint": text(c.Fingerprint),
			"token":       text(c.Token),
			"lease_until": number(now.Add(c.Lease).UnixMilli()),
			"expires_at":  number(now.Add(c.TTL).Unix()),
		},
		ConditionExpression: aws.String("attribute_not_exists(id) OR expires_at <= :now OR (attribute_not_exists(response) AND lease_until <= :instant)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":now": number(now.Unix()), ":instant": number(now.UnixMilli()),
		},
	})
	var taken *types.ConditionalCheckFailedException
	if errors.As(err, &taken) {
		return s.first(ctx, c)
	}
	if err != nil {
		return nil, fmt.Errorf("claim idempotency key: %w", err)
	}
	return nil, nil
}

// first reads the record of the one who came first.
func (s *DynamoStore) first(ctx context.Context, c Claim) (*Record, error) {
	out, err := s.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String(Table), Key: id(c), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, fmt.Errorf("read idempotency key: %w", err)
	}
	if len(out.Item) == 0 { // given back a moment ago
		return &Record{Fingerprint: c.Fingerprint}, nil
	}
	r := &Record{}
	if v, ok := out.Item["fingerprint"].(*types.AttributeValueMemberS); ok {
		r.Fingerprint = v.Value
	}
	if v, ok := out.Item["response"].(*types.AttributeValueMemberB); ok {
		r.Done, r.Response = true, v.Value
	}
	return r, nil
}

// held is true of a claim's item while its holder has not settled it. (The
// names are not reserved words of DynamoDB except token.)
const heldCondition = "#token = :token AND attribute_not_exists(response)"

// Renew implements Store.
func (s *DynamoStore) Renew(ctx context.Context, c Claim) error {
	return s.update(ctx, c, "SET lease_until = :value", number(s.Now().Add(c.Lease).UnixMilli()))
}

// Complete implements Store.
func (s *DynamoStore) Complete(ctx context.Context, c Claim, response []byte) error {
	return s.update(ctx, c, "SET response = :value", &types.AttributeValueMemberB{Value: response})
}

// Release implements Store.
func (s *DynamoStore) Release(ctx context.Context, c Claim) error {
	_, err := s.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: aws.String(Table), Key: id(c),
		ConditionExpression:       aws.String(heldCondition),
		ExpressionAttributeNames:  map[string]string{"#token": "token"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":token": text(c.Token)},
	})
	if err = lost(err); errors.Is(err, ErrLost) {
		return nil
	}
	return err
}

// update changes the item of a claim that is still held.
func (s *DynamoStore) update(ctx context.Context, c Claim, expression string, v types.AttributeValue) error {
	_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(Table), Key: id(c),
		UpdateExpression:          aws.String(expression),
		ConditionExpression:       aws.String(heldCondition),
		ExpressionAttributeNames:  map[string]string{"#token": "token"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":token": text(c.Token), ":value": v},
	})
	return lost(err)
}

func lost(err error) error {
	var failed *types.ConditionalCheckFailedException
	if errors.As(err, &failed) {
		return ErrLost
	}
	return err
}

func id(c Claim) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"id": text(c.Scope + "#" + c.Key)}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}
