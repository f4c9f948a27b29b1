"""Promises about behaviour; conftest.py tells what a test may use."""

# A point in 北园社区 (440104001112), 洪桥街道; WGS-84 degrees.
BEIYUAN = {"lon": 113.265558, "lat": 23.139514}
# Of every demo account; published.
PASSWORD = "xianfeng-demo"
