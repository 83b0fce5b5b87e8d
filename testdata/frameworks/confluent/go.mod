module example.com/confluent

go 1.25.0

require github.com/confluentinc/confluent-kafka-go/v2 v2.11.1
