namespace go shop

struct CreateRequest {
  1: string item
  2: string idempotencyKey
}

struct Order {
  1: string item
}

service Orders {
  Order Create(1: CreateRequest req)
  Order Get(1: string id)
}
