curl -sN --max-time 5 'http://127.0.0.1:33663/stream?prompt=hello'                                    # one prompt, one answer
id=$(curl -sX POST http://127.0.0.1:33663/session | sed 's/.*:"\(.*\)".*/\1/')          # two-way talk
curl -sN --max-time 2 http://127.0.0.1:33663/stream/$id &
curl -sX POST http://127.0.0.1:33663/message/$id -H 'content-type: application/json' -d '{"content":"hello"}'


wait