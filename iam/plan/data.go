package plan

import (
	"cmp"
	"fmt"
	"strings"
)

// Purpose is what somebody may do to data.
type Purpose string

// The purposes.
const (
	Read   Purpose = "read"
	Change Purpose = "change"
	Delete Purpose = "delete"
)

// Purposes lists them in order.
var Purposes = []Purpose{Read, Change, Delete}

// DataCalls are the calls that serve a purpose on data: objects of a bucket
// ("arn:aws:s3:::bucket/prefix/*" or the bucket for all), a log group. One of them is enough.
func DataCalls(p Purpose, target string, c *Catalog) ([]Call, error) {
	a, ok := parseARN(target)
	if !ok {
		return nil, fmt.Errorf("data %q is no ARN: %w", target, ErrTarget)
	}
	switch a.service {
	case "s3":
		return objectCalls(p, a, c), nil
	case "logs":
		return logCalls(p, a), nil
	}
	return nil, fmt.Errorf("data %s: neither objects of S3 nor a log group: %w", target, ErrTarget)
}

// SampleObject stands for any object below a prefix that no policy names.
const SampleObject = "assize-any-object"

// objectCalls are the calls on any object below a prefix, and on those below it that policies
// speak of: who may read some of the data may read data.
func objectCalls(p Purpose, a arn, c *Catalog) []Call {
	r := c.holder(a.String())
	bucket, prefix, _ := strings.Cut(a.resource, "/")
	prefix = strings.TrimSuffix(prefix, "*")
	object := prefix
	if prefix == "" || strings.HasSuffix(prefix, "/") {
		object += SampleObject
	}
	objects := []string{object}
	call := Call{}
	if r != nil {
		call.Region, call.Account = r.Region, r.Account
		for _, name := range c.Objects[r.ARN] {
			if strings.HasPrefix(name, prefix) && (prefix != object || strings.HasSuffix(a.resource, "*")) && name != object {
				objects = append(objects, name)
			}
		}
	}
	names := map[Purpose][]string{Read: {"s3:GetObject"}, Change: {"s3:PutObject"}, Delete: {"s3:DeleteObject"}}[p]
	if versions := map[Purpose]string{Read: "s3:GetObjectVersion", Delete: "s3:DeleteObjectVersion"}[p]; versions != "" && (r == nil || r.Versioned) {
		names = append(names, versions)
	}
	var out []Call
	for _, object := range objects {
		for _, name := range names {
			a.resource = bucket + "/" + object
			call.Operation, call.Target = name, a.String()
			out = append(out, call)
		}
	}
	return out
}

func logCalls(p Purpose, a arn) []Call {
	group := strings.TrimSuffix(a.resource, ":*")
	stream := a
	stream.resource = group + ":log-stream:" + SampleObject
	a.resource = group + ":*"
	var out []Call
	add := func(operation, target string) {
		out = append(out, Call{Operation: operation, Target: target, Region: a.region, Account: a.account})
	}
	switch p {
	case Read:
		add("logs:FilterLogEvents", a.String())
		add("logs:StartQuery", a.String())
		add("logs:GetLogEvents", stream.String())
	case Change:
		add("logs:PutRetentionPolicy", a.String())
		add("logs:PutLogEvents", stream.String())
	case Delete:
		add("logs:DeleteLogGroup", a.String())
		add("logs:DeleteLogStream", stream.String())
	}
	return out
}

// readObject reads an object and decrypts it.
func (b *builder) readObject(action string) error { return b.object(action, "kms:Decrypt") }

// writeObject writes an object and encrypts it.
func (b *builder) writeObject(action string) error { return b.object(action, "kms:GenerateDataKey") }

func (b *builder) object(action, crypt string) error {
	b.add(action, b.Call.Target, "the object", nil)
	r := b.cat.holder(b.Call.Target)
	if r == nil {
		b.lacks(b.cat.missing(Bucket, b.Call.Target))
		return nil
	}
	b.lacks(r.KeyUnknown)
	if r.Key == "" {
		return nil
	}
	key := b.cat.Key(r.Key, r.Account, r.Region)
	if key == nil {
		b.lacks(b.cat.missing(Key, r.Key))
		return nil
	}
	b.note(noteForwarded)
	keys := throughService("s3.amazonaws.com")
	region := cmp.Or(r.Region, key.Region)
	keys["kms:ViaService"] = []string{"s3." + region + ".amazonaws.com"}
	keys["kms:EncryptionContext:aws:s3:arn"] = []string{b.Call.Target}
	if r.BucketKey {
		keys["kms:EncryptionContext:aws:s3:arn"] = []string{r.ARN}
	}
	b.add(crypt, key.ARN, "the key of the bucket", keys)
	return nil
}

// Key finds a KMS key by ARN, id or alias as a resource of an account and Region names it.
func (c *Catalog) Key(name, account, region string) *Resource {
	if r := c.byARN[name]; r != nil && r.Kind == Key {
		return r
	}
	for _, r := range c.Of(Key) {
		a, _ := parseARN(r.ARN)
		if r.Account == account && r.Region == region && (a.id() == name || r.Name == name || hasAlias(r, name)) {
			return r
		}
	}
	return nil
}

func hasAlias(key *Resource, name string) bool {
	if i := strings.Index(name, ":alias/"); i >= 0 {
		name = name[i+1:]
	}
	for _, alias := range key.Members {
		if alias == name {
			return true
		}
	}
	return false
}
