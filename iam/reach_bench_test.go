package iam

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkEscalates judges a policy of a hundred statements, as large ones are.
func BenchmarkEscalates(b *testing.B) {
	var statements []string
	for i := range 100 {
		statements = append(statements, fmt.Sprintf(`{"Effect":"Allow","Action":["s3:*","lambda:Invoke*","iam:PassRole","sagemaker:*"],"Resource":["arn:aws:s3:::data-%d/*","arn:aws:iam::111122223333:role/app-%d"]}`, i, i))
	}
	p, err := Parse([]byte(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if a := Escalates([]*Policy{p}); !a.No() {
			b.Fatal(a.Reason)
		}
	}
}
