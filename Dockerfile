# The bot in a small image: packages by their locked hashes, no root, writing in /data alone.
FROM python:3.11-slim-bookworm AS packages
RUN python -m venv /opt/otklik
COPY requirements.lock /tmp/
RUN /opt/otklik/bin/python -m pip install --no-cache-dir --require-hashes -r /tmp/requirements.lock \
 && /opt/otklik/bin/python -m pip uninstall -y pip setuptools

FROM python:3.11-slim-bookworm
# pg_dump of PostgreSQL 15: by it a server's database is copied. A newer server needs a newer one.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
COPY --from=packages /opt/otklik /opt/otklik
COPY surveys /opt/otklik/app/surveys
COPY scoring /opt/otklik/app/scoring
COPY storage /opt/otklik/app/storage
COPY templates /opt/otklik/app/templates
COPY bot /opt/otklik/app/bot
COPY pyproject.toml /opt/otklik/app/
# What `pip install -e` would do, without building anything, and the version, which `otklik doctor`
# names; compiled now, for nothing is written later.
RUN echo /opt/otklik/app > "$(/opt/otklik/bin/python -c 'import site; print(site.getsitepackages()[0])')/otklik.pth" \
 && printf '#!/opt/otklik/bin/python\nfrom bot.cli.main import main\n\nmain()\n' > /opt/otklik/bin/otklik \
 && chmod 755 /opt/otklik/bin/otklik \
 && /opt/otklik/bin/python -c 'import pathlib, site, tomllib; v = tomllib.loads(pathlib.Path("/opt/otklik/app/pyproject.toml").read_text())["project"]["version"]; d = pathlib.Path(site.getsitepackages()[0], f"otklik-{v}.dist-info"); d.mkdir(); (d / "METADATA").write_text(f"Metadata-Version: 2.1\nName: otklik\nVersion: {v}\n")' \
 && /opt/otklik/bin/python -m compileall -q /opt/otklik \
 && /opt/otklik/bin/python -c 'from templates.rendering import compile_pages; compile_pages()' \
 && useradd --uid 10001 --home-dir /data --shell /usr/sbin/nologin otklik \
 && install -d -o otklik -g otklik -m 700 /data
ENV PATH=/opt/otklik/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER otklik
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
ENTRYPOINT ["otklik"]
CMD ["run"]
