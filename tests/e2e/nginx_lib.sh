# shellcheck shell=bash
# What tests share that put nginx in front of something. Sourced after lib.sh.
NGINX=$(PATH=$PATH:/usr/sbin command -v nginx) || { echo "no nginx here"; exit 77; }

free_port() { "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# answers PORT: somebody does, by now.
answers() {
  for _ in {1..200}; do
    ! (exec 9<>"/dev/tcp/127.0.0.1/$1") 2>said || return 0
    sleep 0.05
  done
  fail "nobody at port $1"
}

# front PORT PLACE [MORE]: nginx, with a certificate of its own, does there what PLACE says, its settings for
# what is below /; MORE stand beside the server's. Its process is $FRONT_PROCESS, the pin of its key $FRONT_PIN, its log front/log.
front() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout front.key -subj /CN=127.0.0.1 \
    -addext subjectAltName=IP:127.0.0.1 -days 1 -out front.pem 2>said
  FRONT_PIN=$(openssl x509 -in front.pem -pubkey -noout | openssl pkey -pubin -outform DER | sha256sum | cut -c1-64)
  mkdir -p front
  cat >front/nginx.conf <<CONF
daemon off;
worker_processes 1;
user $(id -un) $(id -gn);
pid $HERE/front/pid;
error_log $HERE/front/error.log;
events { worker_connections 64; }
http {
  access_log $HERE/front/log;
  client_body_temp_path $HERE/front/body;
  proxy_temp_path $HERE/front/proxy;
  fastcgi_temp_path $HERE/front/fastcgi;
  uwsgi_temp_path $HERE/front/uwsgi;
  scgi_temp_path $HERE/front/scgi;
  ${3:-}
  server {
    listen 127.0.0.1:$1 ssl;
    ssl_certificate $HERE/front.pem;
    ssl_certificate_key $HERE/front.key;
    client_max_body_size 256m;
    location / { $2 }
  }
}
CONF
  "$NGINX" -p front -c "$HERE/front/nginx.conf" 2>front/said &
  FRONT_PROCESS=$!
  answers "$1"
}
