// Package recovery declares what the cases use of kratos middleware/recovery.
package recovery

import "github.com/go-kratos/kratos/v2/middleware"

func Recovery() middleware.Middleware { return nil }
