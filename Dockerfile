FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/stagebot \
 && /opt/stagebot/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock \
 && python -m venv /opt/build \
 && /opt/build/bin/pip install --no-cache-dir --require-hashes --requirement requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY config config
COPY conversations conversations
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/stagebot/bin/pip install --no-cache-dir --no-deps /wheels/*.whl

FROM python:3.12-slim
RUN useradd --uid 10001 --create-home stagebot && install -d -o stagebot -g stagebot /data
COPY --from=build /opt/stagebot /opt/stagebot
ENV PATH=/opt/stagebot/bin:$PATH STAGEBOT_DATA_DIR=/data PYTHONUNBUFFERED=1
USER stagebot
VOLUME /data
ENTRYPOINT ["stagebot"]
CMD ["run"]
