// Package fakeaws is a stand-in for AWS on the loopback interface, for tests
// and benchmarks. It tells from each request which account, region, service
// and operation is meant, and then, in this order:
//
//  1. counts the call ([Server.Calls]);
//  2. waits, and does what the first matching [Fault] says;
//  3. answers from a fixture, in the wire protocol of the service;
//  4. answers from the recording, when [Config].Replay is set;
//  5. passes the request on to the upstream (moto) with its Host header and
//     its signature, mends in the answer what moto gets wrong (see repairs),
//     and keeps it in the recording;
//  6. without an upstream, answers sts GetCallerIdentity and AssumeRole itself;
//  7. refuses with 501 NotImplemented and lists the call in
//     [Server.Unanswered].
//
// It imitates the wire, not the service: nothing is stored and nothing that a
// client sends is validated. "Works here" is not "works on AWS".
//
//	srv := fakeaws.Start(t, fakeaws.Config{
//		Upstream: moto.Start(t).URL, // internal/moto; leave it out where fixtures are enough
//		Fixtures: []fs.FS{fakeaws.Defaults()},
//	})
//	srv.Answer("bedrock", "GetGuardrail", fakeaws.Match{Region: "eu-west-1"}, 200, `{"name": "mine"}`)
//	srv.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "iam", Operation: "ListRoles"})
//	client := bedrock.NewFromConfig(srv.AWSConfig("eu-west-1", account))
//
// # Accounts
//
// The account comes from the access key in the SigV4 credential scope: a key
// made by [AccessKey], a key of [Config].Accounts, or one that an AssumeRole
// answer which went through this server handed out. Any other key means the
// default account. The region is the one of the scope, so iam and other global
// services are asked in us-east-1. S3 clients must use path-style addresses.
//
// # Fixture folders
//
//	<service>/<Operation>.json
//	<service>/<account>/<Operation>.json
//	<service>/<account>/<region>/<Operation>.json
//
// Services carry botocore's folder names ("logs", "bedrock-agent",
// "bedrock-agentcore-control"); "_" as account means any. A name that AWS does
// not have refuses to load. A file whose top level has the key "answers" lists
// several answers, any other file is the body of the only one:
//
//	{"answers": [
//	  {"match": {"path": {"guardrailIdentifier": "gr1"}}, "body": {"name": "one"}},
//	  {"match": {"params": {"maxResults": "5"}}, "body": {}},
//	  {"error": {"code": "ResourceNotFoundException", "message": "none"}, "status": 404}
//	]}
//
// An entry has match (account, region, path: URI labels, params: query string,
// form, or fields of a JSON body with dots for nesting) or matches (a list, any
// of which will do), status (default 200), header, and one of body (JSON), xml
// (a string) or error; page (see [Paging]) serves a list in pages. The services that speak XML take raw bodies from
// <Operation>.xml the same way.
//
// The answer with the most conditions wins; among equals the later one does.
// Answers given through [Server.Answer] go before every folder, a later folder
// before an earlier one.
//
// In bodies and match values ${account}, ${region}, ${path.NAME} and
// ${params.NAME} stand for what the request holds; other ${...} are left alone.
//
// The shipped folder is fixtures/missing; [Defaults] returns it. To add an
// operation, write its file there and its call in operations_test.go, which the
// test holds against each other.
package fakeaws

//go:generate python3 gen/routes.py routes.json
