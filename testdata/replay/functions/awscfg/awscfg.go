// Package awscfg makes the clients that every function needs.
package awscfg

import (
	"context"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/functions/provider"
)

// Clients is what a function runs on.
type Clients struct {
	Dynamo   *dynamodb.Client
	SQS      *sqs.Client
	Provider *provider.Client
	QueueURL string
}

// FromEnv makes the clients from the function's environment.
func FromEnv() Clients {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	return Clients{
		Dynamo:   dynamodb.NewFromConfig(cfg),
		SQS:      sqs.NewFromConfig(cfg),
		Provider: provider.New(os.Getenv("PROVIDER_URL"), &http.Client{Timeout: 10 * time.Second}),
		QueueURL: os.Getenv("QUEUE_URL"),
	}
}
