// Package aws declares what the cases use of aws-sdk-go-v2/aws.
package aws

func String(v string) *string { return &v }

func Bool(v bool) *bool { return &v }
