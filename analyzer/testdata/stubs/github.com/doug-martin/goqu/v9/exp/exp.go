// Package exp declares what the cases use of goqu's expressions.
package exp

type (
	Expression interface{ Clone() Expression }
	Comparable interface {
		Eq(any) BooleanExpression
		Neq(any) BooleanExpression
		Gt(any) BooleanExpression
		Gte(any) BooleanExpression
		Lt(any) BooleanExpression
		Lte(any) BooleanExpression
	}
	Isable interface {
		IsNull() BooleanExpression
		IsNotNull() BooleanExpression
	}
	BooleanExpression  interface{ Expression }
	ExpressionList     interface{ Expression }
	ConflictExpression interface{ Expression }

	ConflictUpdateExpression interface {
		ConflictExpression
		Where(expressions ...Expression) ConflictUpdateExpression
	}
	IdentifierExpression interface {
		Expression
		Comparable
		Isable
		As(any) Expression
	}
	LiteralExpression interface {
		Expression
		Comparable
		Isable
	}
	Ex     map[string]any
	ExOr   map[string]any
	Op     map[string]any
	Record map[string]any
	Vals   []any
)

func (e Ex) Clone() Expression   { return e }
func (e ExOr) Clone() Expression { return e }
