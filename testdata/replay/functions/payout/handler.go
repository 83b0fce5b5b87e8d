// Package payout is invoked directly by other functions.
package payout

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"example.com/functions/awscfg"
	"example.com/functions/provider"
	"example.com/functions/store"
)

// Request asks for a payout.
type Request struct {
	ClientToken string `json:"client_token"`
	Customer    string `json:"customer"`
	Amount      int64  `json:"amount"`
}

// Response tells that the payout is on its way.
type Response struct {
	Customer string `json:"customer"`
	Amount   int64  `json:"amount"`
}

// Handler serves the function.
type Handler struct {
	db       *dynamodb.Client
	claims   *store.Claims
	provider *provider.Client
}

// New returns the function on its clients.
func New(c awscfg.Clients) *Handler {
	return &Handler{db: c.Dynamo, claims: store.NewClaims(c.Dynamo), provider: c.Provider}
}

// Handle pays out once per client token.
func (h *Handler) Handle(ctx context.Context, in Request) (Response, error) {
	if in.ClientToken == "" {
		return Response{}, errors.New("client_token is required")
	}
	name := "payout#" + in.ClientToken
	_, err := h.db.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:           aws.String(store.Requests),
		Item:                map[string]types.AttributeValue{"id": store.S(name)},
		ConditionExpression: aws.String("attribute_not_exists(id)"),
	})
	var taken *types.ConditionalCheckFailedException
	if errors.As(err, &taken) {
		return Response{Customer: in.Customer, Amount: in.Amount}, nil
	}
	if err != nil {
		return Response{}, err
	}
	paid := false
	defer func() {
		if !paid {
			_ = h.claims.GiveBack(context.WithoutCancel(ctx), name)
		}
	}()
	if _, err := h.provider.Charge(ctx, in.Customer, in.Amount); err != nil {
		return Response{}, err
	}
	paid = true
	return Response{Customer: in.Customer, Amount: in.Amount}, nil
}
