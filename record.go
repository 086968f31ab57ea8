package assize

// Record is one API object as it was collected: its identity, and the answers
// of the operations that describe it. A snapshot keeps records; resources are
// derived from them by the definitions.
type Record struct {
	Type    string   `json:"type"`
	Account string   `json:"account"`
	Region  string   `json:"region"`
	ID      string   `json:"id"`
	ARN     string   `json:"arn,omitempty"`
	Answers []Answer `json:"answers"`
}

// Answer is what one operation said about a record. Exactly one of three holds:
// Value is the decoded output; None says that the service answered "there is
// none" (NoSuchBucketPolicy); Gap says why there is no answer.
type Answer struct {
	// Operation as "s3:GetBucketPolicy": SDK service and operation.
	Operation string `json:"operation"`
	Value     Object `json:"value,omitzero"`
	None      string `json:"none,omitempty"`
	Gap       *Gap   `json:"gap,omitempty"`
	// Masked lists the paths in Value whose text looked like a secret and was
	// replaced before it was kept.
	Masked []string `json:"masked,omitempty"`
}

// Answer returns the answer of the operation, nil when it was not asked.
func (r *Record) Answer(operation string) *Answer {
	for i := range r.Answers {
		if r.Answers[i].Operation == operation {
			return &r.Answers[i]
		}
	}
	return nil
}

// Key orders and identifies a record within a snapshot.
func (r *Record) Key() string {
	return r.Account + "/" + r.Region + "/" + r.Type + "/" + r.ID
}
