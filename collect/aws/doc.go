// Package aws reads live AWS accounts. It is the only importer of the service
// clients of aws-sdk-go-v2. A file per collector declares what it calls and what
// it yields; collectors.go lists them all; [Source] runs them.
package aws
