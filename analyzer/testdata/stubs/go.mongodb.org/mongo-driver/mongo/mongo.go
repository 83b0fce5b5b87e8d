// Package mongo declares what the cases use of mongo-driver.
package mongo

import "context"

type Collection struct{}

type InsertOneResult struct{ InsertedID any }

func (*Collection) InsertOne(ctx context.Context, document any) (*InsertOneResult, error) {
	return nil, nil
}

type UpdateResult struct{ MatchedCount, ModifiedCount int64 }

func (*Collection) UpdateOne(ctx context.Context, filter, update any) (*UpdateResult, error) {
	return nil, nil
}

type SingleResult struct{}

func (*SingleResult) Decode(v any) error { return nil }

func (*Collection) FindOne(ctx context.Context, filter any) *SingleResult { return nil }
