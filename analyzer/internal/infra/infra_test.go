package infra

import (
	"go/parser"
	"go/token"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCloudFormation(t *testing.T) {
	got := CloudFormation("t.yaml", []byte(`Resources:
  A:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "${Stage}-a"
      KeySchema:
        - {AttributeName: pk, KeyType: HASH}
        - {AttributeName: sk, KeyType: RANGE}
      TimeToLiveSpecification: {AttributeName: !Ref TTL, Enabled: true}
  B: {Type: AWS::Serverless::SimpleTable}
  C:
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: !Ref Keys}
  D:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      TableName: d
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      TimeToLiveSpecification: {AttributeName: ttl, Enabled: false}
  E: {Type: AWS::S3::Bucket}
`))
	require.Equal(t, []Table{
		{ID: "A", Keys: []string{"pk", "sk"}, Unsure: true, File: "t.yaml"},
		{ID: "B", Keys: []string{"id"}, File: "t.yaml"},
		{ID: "D", Name: "d", Keys: []string{"id"}, File: "t.yaml"},
	}, got)
	for _, text := range []string{"", "a: [", "Resources: 1", "- Resources", "Resources: {A: {Type: {}}}"} {
		require.Empty(t, CloudFormation("t", []byte(text)), text)
	}
}

func TestTerraform(t *testing.T) {
	got := Terraform("m.tf", []byte(`resource "aws_dynamodb_table" "a" {
  name     = "${var.stage}-a" // made up
  hash_key = "pk"
  tags = { ttl = "no" }
  attribute {
    name = "pk"
  }
  dynamic "ttl" {
    for_each = var.ttl
    content {
      attribute_name = ttl.value
    }
  }
}

resource "aws_sqs_queue" "q" {
  name = "q"
}

resource "aws_dynamodb_table" "b" {
  hash_key  = "id" # the key
  range_key = "at"
  name      = "b"
  ttl {
    attribute_name = "ttl"
    enabled        = false
  }
}

resource "aws_dynamodb_table" "c" {
  hash_key = var.key
}
resource "aws_dynamodb_table" "open" {
  hash_key = "id"
`))
	require.Equal(t, []Table{
		{ID: "a", Keys: []string{"pk"}, Unsure: true, File: "m.tf"},
		{ID: "b", Name: "b", Keys: []string{"id", "at"}, File: "m.tf"},
	}, got)
}

func TestCDK(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "s.go", `package s

import ddb "github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"

var _ = &ddb.TablePropsV2{PartitionKey: &ddb.Attribute{Name: jsii.String("pk")}, SortKey: &ddb.Attribute{Name: name()}}
var _ = ddb.TableProps{PartitionKey: &ddb.Attribute{Name: jsii.String("pk")}, TimeToLiveAttribute: attr}
var _ = other.TableProps{PartitionKey: &ddb.Attribute{Name: jsii.String("pk")}}
`, 0)
	require.NoError(t, err)
	require.Equal(t, []Table{{ID: "of TableProps", Keys: []string{"pk"}, Unsure: true, File: "s.go"}}, CDK("s.go", f))
}
