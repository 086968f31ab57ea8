package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
)

// ec2Page is the largest page of the lists below; DescribeRouteTables has one of its own.
const ec2Page = 1000

// ec2Declaration declares what the collectors of EC2 have in common: one type and
// one list, whose items are all that there is to know. No object is asked for singly.
func ec2Declaration(name, typ, op string) collect.Declaration {
	return collect.Declaration{
		Name: name, Service: "ec2", Scope: collect.Regional, Types: []string{typ},
		Operations: []collect.Operation{{Name: op, Actions: []string{op}}},
	}
}

// ec2Each turns the items of a list into records. id gives the item's id and its
// ARN, which is nil where the list has none.
func ec2Each[T any](ctx context.Context, t *collect.Task, typ, op string, items []T, id func(T) (id, arn *string)) error {
	key := func(item T) (string, string) {
		name, _ := id(item)
		return typ, aws.ToString(name)
	}
	return each(ctx, t, items, key, func(_ context.Context, b *collect.Builder, item T) {
		_, arn := id(item)
		b.ARN(aws.ToString(arn))
		b.Answer(op, item)
	})
}
