// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/http_attempt.h"

#include "workflows/gateway/one_shot_body.h"

#include <QDeadlineTimer>
#include <QNetworkAccessManager>
#include <QNetworkRequest>
#include <QSslConfiguration>

#include <algorithm>

namespace counterfoil {

namespace {

constexpr qint64 readBufferBytes = 64 * 1024;

qint64 monotonicNanos()
{
    return QDeadlineTimer::current(Qt::PreciseTimer).deadlineNSecs();
}

QNetworkRequest networkRequest(const HttpRequest& request)
{
    QNetworkRequest out(request.url);
    // 302 would become a GET, and the key would go to whatever origin is named.
    out.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    out.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    out.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    out.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    out.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    // "Sent once" was measured with HTTP/1.1.
    out.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    out.setAttribute(QNetworkRequest::HttpPipeliningAllowedAttribute, false);
    QSslConfiguration tls = out.sslConfiguration();
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    out.setSslConfiguration(tls);
    for (const auto& [name, value] : request.headers) {
        out.setRawHeader(name, value);
    }
    // Without compression Content-Length tells whether the body is whole, and a small answer can't unfold into a large one.
    out.setRawHeader("Accept-Encoding", "identity");
    if (!request.body.isEmpty()) {
        out.setHeader(QNetworkRequest::ContentLengthHeader, request.body.size());
    }
    return out;
}

/// Ours for what the network library reports below HTTP; empty for errors that only repeat an HTTP status.
QString failureName(QNetworkReply::NetworkError error, int status)
{
    switch (error) {
    case QNetworkReply::NoError:
        return {};
    case QNetworkReply::ConnectionRefusedError:
        return QStringLiteral("connection_refused");
    case QNetworkReply::HostNotFoundError:
        return QStringLiteral("host_not_found");
    case QNetworkReply::SslHandshakeFailedError:
        return QStringLiteral("tls_failed");
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
    case QNetworkReply::UnknownProxyError:
        return QStringLiteral("proxy_failed");
    case QNetworkReply::TimeoutError:
        return QStringLiteral("timeout");
    default:
        break;
    }
    const bool repeatsStatus = error >= QNetworkReply::ContentAccessDenied && error != QNetworkReply::ContentReSendError && error <= QNetworkReply::UnknownContentError;
    const bool repeatsServerStatus = error >= QNetworkReply::InternalServerError && error <= QNetworkReply::UnknownServerError;
    const bool repeatsBadRequest = error == QNetworkReply::ProtocolInvalidOperationError && status == 400;
    return repeatsStatus || repeatsServerStatus || repeatsBadRequest ? QString() : QStringLiteral("connection_lost");
}

bool isBeforeSending(const QString& failure)
{
    return failure == QLatin1String("connection_refused") || failure == QLatin1String("host_not_found") || failure == QLatin1String("tls_failed")
        || failure == QLatin1String("proxy_failed");
}

} // namespace

HttpAttempt::HttpAttempt(QNetworkAccessManager& manager, const HttpRequest& request, HttpLimits limits, Done done, QObject* parent)
    : QObject(parent), m_limits(limits), m_done(std::move(done)), m_startedNanos(monotonicNanos())
{
    const QNetworkRequest sent = networkRequest(request);
    if (request.body.isEmpty()) {
        m_reply.reset(manager.get(sent));
    } else {
        m_upload = std::make_unique<OneShotBody>(request.body);
        m_reply.reset(manager.post(sent, m_upload.get()));
    }
    m_reply->setReadBufferSize(readBufferBytes);
    connect(m_reply.get(), &QNetworkReply::readyRead, this, &HttpAttempt::handleReadyRead);
    connect(m_reply.get(), &QNetworkReply::finished, this, &HttpAttempt::handleFinished, Qt::QueuedConnection);
    // setTransferTimeout starts anew with every byte, so that a slow drip outlives it.
    connect(&m_deadline, &QTimer::timeout, this, &HttpAttempt::handleDeadline);
    m_deadline.setSingleShot(true);
    m_deadline.start(static_cast<int>(std::clamp<qint64>(limits.deadline.milliseconds(), 1, 3'600'000)));
}

HttpAttempt::~HttpAttempt()
{
    if (m_reply) {
        disconnect(m_reply.get(), nullptr, this, nullptr);
        m_reply->abort();
    }
}

void HttpAttempt::handleReadyRead()
{
    if (!m_stopped.isEmpty()) {
        return;
    }
    m_answer += m_reply->readAll();
    if (m_answer.size() > m_limits.answerBytesMax) {
        const QString detail = QStringLiteral("more than %1 bytes of answer").arg(m_limits.answerBytesMax);
        m_answer.truncate(m_limits.answerBytesMax);
        stop(QStringLiteral("too_large"), detail);
    }
}

void HttpAttempt::handleDeadline()
{
    stop(QStringLiteral("timeout"), QStringLiteral("no whole answer within %1 ms").arg(m_limits.deadline.milliseconds()));
}

void HttpAttempt::stop(const QString& failure, const QString& detail)
{
    m_stopped = failure;
    m_stoppedDetail = detail;
    m_deadline.stop();
    m_reply->abort();
}

void HttpAttempt::handleFinished()
{
    if (!m_done) {
        return;
    }
    m_deadline.stop();
    handleReadyRead();
    HttpResult result;
    result.status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    result.requestId = m_reply->rawHeader("Request-Id").left(128);
    result.retryAfter = m_reply->rawHeader("Retry-After").left(64);
    classify(result);
    result.body = std::move(m_answer);
    result.elapsed = Duration((monotonicNanos() - m_startedNanos) / 1000);
    finish(std::move(result));
}

void HttpAttempt::classify(HttpResult& result) const
{
    if (!m_stopped.isEmpty()) {
        result.failure = m_stopped;
        result.failureDetail = m_stoppedDetail;
        return;
    }
    result.failure = failureName(m_reply->error(), result.status);
    if (!result.failure.isEmpty()) {
        result.failureDetail = m_reply->errorString();
        // The library may connect anew after the body was read; then "refused" tells nothing of the first connection.
        const bool bodyUntouched = !m_upload || m_upload->bytesTaken() == 0;
        result.neverSent = isBeforeSending(result.failure) && bodyUntouched && result.status == 0;
        return;
    }
    if (result.status < 100) {
        result.failure = QStringLiteral("connection_lost");
        result.failureDetail = QStringLiteral("no status line");
        return;
    }
    // An HTTP error hides that the connection was lost while its body was read.
    const QByteArray announced = m_reply->rawHeader("Content-Length");
    bool isNumber = false;
    const qint64 length = announced.toLongLong(&isNumber);
    if (!announced.isEmpty() && (!isNumber || length != m_answer.size())) {
        result.failure = QStringLiteral("truncated");
        result.failureDetail = QStringLiteral("%1 bytes came, '%2' were announced").arg(m_answer.size()).arg(QString::fromLatin1(announced.left(32)));
    }
}

void HttpAttempt::finish(HttpResult result)
{
    // Now, since the manager, which owns it too, may be gone before this object is.
    m_reply.reset();
    const Done done = std::exchange(m_done, nullptr);
    done(std::move(result));
}

} // namespace counterfoil
