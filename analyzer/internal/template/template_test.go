package template

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want []Function
	}{
		"SAM": {`
Transform: AWS::Serverless-2016-10-31
Resources:
  Pay:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/pay/
      FunctionUrlConfig: {AuthType: NONE}
      Events:
        Api: {Type: HttpApi, Properties: {Path: /pay, Method: post}}
        Queue:
          Type: SQS
          Properties: {Queue: !GetAtt Queue.Arn}
`, []Function{{Name: "Pay", Dir: filepath.FromSlash("/app/functions/pay"), Triggers: []Trigger{
			{Source: "apigateway", Method: "POST", Path: "/pay", Line: 10},
			{Source: "sqs", Method: "ANY", Line: 12},
			{Source: "function-url", Method: "ANY", Line: 8},
		}}}},
		"CloudFormation in JSON": {`{
"Resources": {
  "Fn": {"Type": "AWS::Lambda::Function", "Properties": {"Code": "./cmd/fn"}},
  "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
  "Map": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
    "FunctionName": {"Ref": "Fn"}, "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}}},
  "Int": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {"IntegrationUri": {"Fn::GetAtt": ["Fn", "Arn"]}}},
  "Route": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {
    "RouteKey": "PUT /x/{id}", "Target": {"Fn::Join": ["/", ["integrations", {"Ref": "Int"}]]}}},
  "A": {"Type": "AWS::ApiGateway::Resource", "Properties": {"PathPart": "a", "ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]}}},
  "B": {"Type": "AWS::ApiGateway::Resource", "Properties": {"PathPart": "{b}", "ParentId": {"Ref": "A"}}},
  "M": {"Type": "AWS::ApiGateway::Method", "Properties": {"HttpMethod": "DELETE", "ResourceId": {"Ref": "B"},
    "Integration": {"Uri": {"Fn::Sub": "arn:aws:apigateway:x:lambda:path/functions/${Fn.Arn}/invocations"}}}}
}}`, []Function{{Name: "Fn", Dir: filepath.FromSlash("/app/cmd/fn"), Triggers: []Trigger{
			{Source: "sqs", Method: "ANY", Line: 5},
			{Source: "apigateway", Method: "PUT", Path: "/x/{id}", Line: 8},
			{Source: "apigateway", Method: "DELETE", Path: "/a/{b}", Line: 12},
		}}}},
		"no template":    {"Resources: [1, 2]\n", nil},
		"no YAML":        {"Resources: {AWS::\n", nil},
		"code elsewhere": {"Resources: {F: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k}}}\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.FromSlash("/app/template.yaml")
			got := Parse(path, []byte(test.text))
			for i := range got {
				for j := range got[i].Triggers {
					require.Equal(t, path, got[i].Triggers[j].File)
					got[i].Triggers[j].File = ""
				}
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestParseCDK(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "functions", "pay"), 0o755))
	got := parseCDK(filepath.Join(dir, "infra", "main.go"), []byte(`package main

import (
	"os"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdkapigatewayv2alpha/v2"
)

func stack() {
	fn := awscdklambdagoalpha.NewGoFunction(stack, jsii.String("Pay"), &awscdklambdagoalpha.GoFunctionProps{
		Entry: jsii.String("functions/pay"),
	})
	integration := integrations.NewHttpLambdaIntegration(jsii.String("I"), fn, nil)
	api.AddRoutes(&apigw.AddRoutesOptions{
		Path:        jsii.String("/pay"),
		Methods:     &[]apigw.HttpMethod{apigw.HttpMethod_POST},
		Integration: integration,
	})
	orders := api.Root().AddResource(jsii.String("orders"), nil)
	orders.AddResource(jsii.String("{id}"), nil).AddMethod(jsii.String("PUT"), awsapigateway.NewLambdaIntegration(fn, nil), nil)
	fn.AddEventSource(sources.NewSqsEventSource(queue, nil))
}
`))
	require.Len(t, got, 1)
	require.Equal(t, "Pay", got[0].Name)
	require.Equal(t, filepath.Join(dir, "functions", "pay"), got[0].Dir)
	for i := range got[0].Triggers {
		got[0].Triggers[i].File = ""
	}
	require.Equal(t, []Trigger{
		{Source: "apigateway", Method: "POST", Path: "/pay", Line: 14},
		{Source: "apigateway", Method: "PUT", Path: "/orders/{id}", Line: 20},
		{Source: "sqs", Method: "ANY", Line: 21},
	}, got[0].Triggers)
}
