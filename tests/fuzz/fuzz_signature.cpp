// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz_input.h"

#include "workflows/gateway/callback_verifier.h"

#include <QMessageAuthenticationCode>

using namespace counterfoil;

namespace {

const QByteArray secret("whsec_fuzz");
const UtcTime now(qint64{1'700'000'000} * 1'000'000);

Result<void> verify(QByteArrayView header, QByteArrayView body, const QByteArray& key = secret, UtcTime at = now)
{
    return verifyCallback(header, body, std::span(&key, 1), at);
}

/// A header from outside passes only if it carries the digest that whoever knows the secret would have made for its time.
void acceptedOnlyIfSigned(QByteArrayView header, QByteArrayView body)
{
    const Result<void> result = verify(header, body);
    require(!verify(header, body, QByteArray()), "nobody signs with an empty secret");
    if (!result) {
        const ErrorCode code = result.error().code;
        require(code == ErrorCode::MalformedInput || code == ErrorCode::SignatureInvalid || code == ErrorCode::SignatureStale,
                "a refusal is of a documented kind");
        return;
    }
    bool signedByUs = false;
    for (qint64 shift = -300; shift <= 300 && !signedByUs; ++shift) {
        const QByteArray time = QByteArray::number(now.seconds() + shift);
        const QByteArray message = time + '.' + body.toByteArray();
        const QByteArray digest = QMessageAuthenticationCode::hash(message, secret, QCryptographicHash::Sha256).toHex();
        const QByteArray text = header.toByteArray();
        signedByUs = text.contains("t=" + time) && text.toLower().contains("v1=" + digest);
    }
    require(signedByUs, "what is accepted carries our digest and a time within the tolerance");
}

void flipsAreFound(QByteArray header, QByteArray body, quint32 choice)
{
    const qsizetype bits = (header.size() + body.size()) * 8;
    const qsizetype bit = static_cast<qsizetype>(choice) % bits;
    const bool inHeader = bit / 8 < header.size();
    char& byte = inHeader ? header[bit / 8] : body[bit / 8 - header.size()];
    const char before = byte;
    byte = static_cast<char>(byte ^ (1 << bit % 8));
    // A hex digit means the same in upper case.
    const bool isDigest = inHeader && bit / 8 >= header.size() - 64;
    const bool sameDigit = isDigest && before >= 'a' && before <= 'f' && byte == before - 'a' + 'A';
    require(verify(header, body).has_value() == sameDigit, "one changed bit is found");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QList<QByteArrayView> lines = inputLines(inputOf(data, size), 2);
    const QByteArrayView foreign = lines[0];
    const QByteArrayView body = lines[1];
    acceptedOnlyIfSigned(foreign, body);

    quint32 choice = 2'166'136'261U;
    for (std::size_t i = 0; i < size; ++i) {
        choice = (choice ^ data[i]) * 16'777'619U;
    }
    const QByteArray header = signCallback(secret, body, now);
    require(verify(header, body).has_value(), "what we sign is accepted");
    require(!verify(header, body, QByteArray("whsec_other")), "another secret doesn't fit");
    flipsAreFound(header, body.toByteArray(), choice);

    const Duration shift = Duration::seconds(static_cast<qint64>(choice % 1000) - 500);
    const bool isRecent = shift <= callbackTolerance && shift >= Duration::seconds(-300);
    require(verify(header, body, secret, now + shift).has_value() == isRecent, "the tolerance is 300 s to both sides");

    const QByteArray longer = header + ',' + foreign.toByteArray();
    if (!foreign.contains("t=") && longer.size() <= 4096) {
        require(verify(longer, body).has_value(), "other items beside a good signature are ignored");
    }
    return 0;
}
