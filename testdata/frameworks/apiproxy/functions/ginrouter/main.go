// Command ginrouter keeps its adapter in a variable that init sets, and passes
// events on to it by a function of its own: the endpoints are the router's.
package main

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	ginadapter "github.com/awslabs/aws-lambda-go-api-proxy/gin"
	"github.com/gin-gonic/gin"

	"example.com/apiproxy/orders"
)

var proxy *ginadapter.GinLambda

func init() {
	db, _ := sql.Open("postgres", "")
	r := gin.Default()
	r.POST("/gin/plain", func(c *gin.Context) { orders.Add(db, c.PostForm("item")) })
	api := r.Group("/gin/api", func(c *gin.Context) {
		key := c.GetHeader("Idempotency-Key")
		if key == "" {
			c.AbortWithStatus(http.StatusBadRequest)
			return
		}
		first, err := orders.Claim(db, key)
		if err != nil || !first {
			c.AbortWithStatus(http.StatusConflict)
			return
		}
		c.Next()
	})
	api.POST("/guarded", func(c *gin.Context) { orders.Add(db, c.PostForm("item")) })
	proxy = ginadapter.New(r)
}

// Handle serves what API Gateway sends.
func Handle(ctx context.Context, req events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	return proxy.ProxyWithContext(ctx, req)
}

func main() { lambda.Start(Handle) }
