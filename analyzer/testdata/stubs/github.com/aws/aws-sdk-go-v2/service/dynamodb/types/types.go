// Package types declares what the cases use of service/dynamodb/types.
package types

type AttributeValue interface{ isAttributeValue() }

type AttributeValueMemberS struct{ Value string }

func (*AttributeValueMemberS) isAttributeValue() {}

type Put struct {
	TableName           *string
	Item                map[string]AttributeValue
	ConditionExpression *string
}

type TransactWriteItem struct{ Put *Put }

type AttributeValueMemberN struct{ Value string }

func (*AttributeValueMemberN) isAttributeValue() {}
