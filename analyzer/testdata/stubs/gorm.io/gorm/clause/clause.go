// Package clause has declarations of gorm v2 that cases need.
package clause

type Expression interface{ Build() }

type OnConflict struct{ DoNothing bool }

func (OnConflict) Build() {}
