// Package infra reads the DynamoDB tables that the files beside Go code
// declare: CloudFormation and SAM templates, Terraform files, and stacks of
// the CDK, which are Go code themselves. It reads texts only and asks nobody.
package infra

// Table is a DynamoDB table.
type Table struct {
	// Name is the table's own name, "" when it is made up at deployment or put
	// together from parts that are not known.
	Name string
	// ID is what the file calls the table.
	ID string
	// Keys are the attributes of the primary key: partition key, sort key.
	Keys []string
	// TTL is the attribute by which items expire, "" for none.
	TTL string
	// Unsure is set when the TTL attribute is there, but not known.
	Unsure bool
	File   string // as given to the reader, with slashes
}
