package awsdynamodb

type Attribute struct{ Name *string }

type TableProps struct {
	TableName           *string
	PartitionKey        *Attribute
	SortKey             *Attribute
	TimeToLiveAttribute *string
}

type Table interface{}

func NewTable(scope any, id *string, props *TableProps) Table
