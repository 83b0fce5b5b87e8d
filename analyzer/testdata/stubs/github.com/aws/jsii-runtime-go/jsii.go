package jsii

func String(v string) *string
