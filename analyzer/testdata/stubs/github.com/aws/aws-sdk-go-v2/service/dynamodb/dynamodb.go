// Package dynamodb declares what the cases use of service/dynamodb.
package dynamodb

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

type Client struct{}

type TransactWriteItemsInput struct {
	ClientRequestToken *string
	TransactItems      []types.TransactWriteItem
}

type TransactWriteItemsOutput struct{}

func (*Client) TransactWriteItems(ctx context.Context, in *TransactWriteItemsInput) (*TransactWriteItemsOutput, error) {
	return nil, nil
}

type PutItemInput struct {
	TableName           *string
	Item                map[string]types.AttributeValue
	ConditionExpression *string
}

type PutItemOutput struct{}

func (*Client) PutItem(ctx context.Context, in *PutItemInput, opts ...func(*Options)) (*PutItemOutput, error) {
	return nil, nil
}

type DeleteItemInput struct {
	TableName *string
	Key       map[string]types.AttributeValue
}

type DeleteItemOutput struct{}

func (*Client) DeleteItem(ctx context.Context, in *DeleteItemInput, opts ...func(*Options)) (*DeleteItemOutput, error) {
	return nil, nil
}

type Options struct{}
